# Dans chaque poste d'examen, au moment où il est fait : les mots de passe de la session.
Import-Module ActiveDirectory
$administrator = Get-ADUser "$((Get-ADDomain).DomainSID)-500"
foreach ($one in @(@($administrator, $env:ADMINISTRATEUR), @('technicien', $env:TECHNICIEN), @('gwen.tanguy', $env:INITIAL))) {
    Set-ADAccountPassword -Identity $one[0] -Reset -NewPassword (ConvertTo-SecureString $one[1] -AsPlainText -Force)
}
