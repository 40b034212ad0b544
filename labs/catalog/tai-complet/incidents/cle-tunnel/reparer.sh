# Le poste renoue de lui-même : il frappe toutes les cinq secondes, et à chaque signe de vie.
set -eu
wg show all allowed-ips | while read -r tunnel cle adresses; do
  [ "$adresses" = 10.50.0.2/32 ] && [ "$cle" != "$VPN_POSTE_PUBLIC" ] || continue
  for fichier in $(grep -rlF "$cle" /etc/wireguard/*.conf /etc/systemd/network /etc/NetworkManager 2>/dev/null); do
    sed -i "s|$cle|$VPN_POSTE_PUBLIC|" "$fichier"
  done
  wg set "$tunnel" peer "$cle" remove
  wg set "$tunnel" peer "$VPN_POSTE_PUBLIC" allowed-ips "$adresses"
done
for n in $(seq 60); do
  wg show all latest-handshakes | grep -F "$VPN_POSTE_PUBLIC" | grep -qv '[[:space:]]0$' && exit 0
  sleep 1
done
exit 1
