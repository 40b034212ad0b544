"""Making an image of Windows from ISOs that a school owns: it installs itself in a machine of its own, is looked over,
generalised and put into the cache. What is written before that is in ``vagrant/windows``."""
