# Dans chaque poste d'examen, au moment où il est fait : le mot de passe du candidat.
Set-LocalUser -Name technicien -Password (ConvertTo-SecureString $env:TECHNICIEN -AsPlainText -Force)
