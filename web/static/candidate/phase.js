// In a phase of the jury's part: what is left of the time planned, the subject, the consoles of the copy.

import "./clock.js";
import "./hand.js";
import "./layout.js";
import "./tabs.js";
