"""How images are built from recipes, and Vagrant boxes for trainers."""
