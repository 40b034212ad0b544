Import-Module ActiveDirectory
Unlock-ADAccount -Identity ronan.guivarch
