"""Ansible's ways to a machine that are ours: found by Ansible as plugins (``orchestrator.playbooks``)."""
