"""What may go of the data directory: goldens, images and boxes that nothing needs any more.

A golden is named by what it is made from, so every change of a lab, an image or QEMU makes another, and those before
stay: 1 to 3 GiB each. All of it can be made again from recipes and labs, in minutes; what cannot (benches, checkpoints,
frozen work, Windows images) is never touched, nor is anything that a disk of those has under it.
"""
