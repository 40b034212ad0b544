if ($Answer.present) { [IO.File]::WriteAllText($Arguments.Path, 'abc') }
