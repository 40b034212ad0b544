# De vrais essais ratés : l'annuaire verrouille le compte lui-même, au seuil que le candidat a réglé.
Import-Module ActiveDirectory
Add-Type -AssemblyName System.DirectoryServices.AccountManagement
$domain = New-Object DirectoryServices.AccountManagement.PrincipalContext 'Domain', 'kerbras.lan'
foreach ($try in 1..10) {
    if ((Get-ADUser ronan.guivarch -Properties LockedOut).LockedOut) { exit 0 }
    [void] $domain.ValidateCredentials('ronan.guivarch', 'Bateau2025')
}
if (-not (Get-ADUser ronan.guivarch -Properties LockedOut).LockedOut) { throw 'ronan.guivarch' }
