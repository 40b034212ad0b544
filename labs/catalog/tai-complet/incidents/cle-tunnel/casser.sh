# Sur le serveur, le pair du poste porte une autre clé publique, en service comme dans les fichiers.
set -eu
autre=$(wg genkey | wg pubkey)
for fichier in $(grep -rlF "$VPN_POSTE_PUBLIC" /etc/wireguard/*.conf /etc/systemd/network /etc/NetworkManager 2>/dev/null); do
  sed -i "s|$VPN_POSTE_PUBLIC|$autre|" "$fichier"
done
for tunnel in $(wg show interfaces); do
  adresses=$(wg show "$tunnel" allowed-ips | sed -n "s|^$VPN_POSTE_PUBLIC[[:space:]]*||p" | tr ' ' ',')
  [ -n "$adresses" ] || continue
  wg set "$tunnel" peer "$VPN_POSTE_PUBLIC" remove
  wg set "$tunnel" peer "$autre" allowed-ips "$adresses"
done
