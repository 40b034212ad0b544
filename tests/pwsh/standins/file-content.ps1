if ($Answer.present) { [IO.File]::WriteAllText($Arguments.Path, $Answer.text) }
