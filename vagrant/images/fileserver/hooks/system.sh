# Nothing of the base is left that would decide for the candidate: whether updates run is the lab's to say.
printf 'APT::Install-Recommends "false";\n' > /etc/apt/apt.conf.d/90epreuve
rm -f /etc/apt/sources.list.d/* /etc/apt/sources.list
# The kernel's SCSI target is found without a search at each boot; arrays that mdadm.conf does not name stay as they are.
printf 'sd_mod\ntarget_core_file\ntcm_loop\nraid1\n' > /etc/modules-load.d/disques.conf
# As an administrator who has written nothing yet finds it.
sed -i -e '/^ARRAY/d' -e '/^MAILADDR/d' /etc/mdadm/mdadm.conf
sed -i 's/^START_DAEMON=.*/START_DAEMON=false/' /etc/default/mdadm 2>/dev/null || true
