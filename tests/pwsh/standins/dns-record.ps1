[Standin.UdpClient]::Answers.Clear()
[Standin.UdpClient]::Silences.Clear()
for ($at = 0; $at -lt $Answer.answers.Count; $at++) {
    $one = $Answer.answers[$at]
    $question = [string] @($Arguments.Questions)[$at]
    if ($one.silence) { [Standin.UdpClient]::Silences[$question] = if ($one.silence -eq 'refused') { 10054 } else { 10060 } }
    else { [Standin.UdpClient]::Answers[$question] = $one.answer }
}
