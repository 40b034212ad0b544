"""What the connection to Windows uses of libvirt, in Ansible's process."""

VIR_ERR_AGENT_UNRESPONSIVE = 86
VIR_ERR_AGENT_COMMAND_TIMEOUT = 112


class libvirtError(Exception):  # noqa: N801 - libvirt's own name
    def get_error_code(self) -> int:
        return VIR_ERR_AGENT_UNRESPONSIVE


class Connection:
    def lookupByName(self, name: str) -> str:  # noqa: N802 - libvirt's own name
        return name


def open(uri: str) -> Connection:
    return Connection()
