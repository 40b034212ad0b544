/* Plays netapi32.dll: a controller's answer is the number in STATUS (MS-NRPC 3.5.4.9.1, NETLOGON_INFO_2). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct info { uint32_t flags, verified; void *server; uint32_t status; };

uint32_t I_NetLogonControl2(void *server, uint32_t function, uint32_t level, void **data, void **buffer) {
    FILE *file = fopen(STATUS, "r");
    struct info *found = calloc(1, sizeof *found);
    if (!file || server || function != 10 || level != 2 || !*data) return 87;
    if (fscanf(file, "%u", &found->verified) != 1) return 87;
    fclose(file);
    found->flags = 0x80;
    *buffer = found;
    return 0;
}

uint32_t NetApiBufferFree(void *buffer) { free(buffer); return 0; }
