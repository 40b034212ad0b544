"""NETBOX AC-1200, a virtual small-office Wi-Fi access point.

settings.py  the configuration and its rules        hostapd.py  what hostapd is told
store.py     the one file that holds it              apply.py    makes the machine follow it
cli.py       the command line                        web.py      the web page
"""

PRODUCT = "NETBOX AC-1200"
