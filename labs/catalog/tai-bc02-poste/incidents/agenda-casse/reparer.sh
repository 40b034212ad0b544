set -eu
DEBIAN_FRONTEND=noninteractive apt-get -qq -y --fix-broken install
