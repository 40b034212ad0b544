"""A lab on a trainer's own machine, by Vagrant (vagrant-libvirt): ``vagrant/Vagrantfile`` asks here what to start.

``plan`` says which machines, ``prepare`` sets them up as an exam's benches are, ``bench`` shows them to the rest of
Épreuve as a bench that is reached over SSH. What belongs to them is beside Vagrant's own files and goes with them.
"""
