"""Channels beside the guest agent: ways to a machine that need its network."""
