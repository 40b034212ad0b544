@echo off
rem Windows runs this as the system at the end of the first start of a machine made from the image, before anybody logs
rem on: its own WinRM certificate, and the answers with their password are gone.
powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\ProgramData\Epreuve\winrm.ps1
del /f /q C:\ProgramData\Epreuve\oobe.xml C:\Windows\Panther\unattend.xml C:\Windows\System32\Sysprep\unattend.xml 2>nul
exit /b 0
