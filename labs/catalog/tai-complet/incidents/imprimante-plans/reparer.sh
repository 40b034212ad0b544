set -eu
lpadmin -p Plans-A3 -E -v ipp://192.168.50.41/ipp/print
cupsenable Plans-A3
cupsaccept Plans-A3
