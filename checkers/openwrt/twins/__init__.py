"""The questions that can be put to an OpenWrt device."""
