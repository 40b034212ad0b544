[Standin.EventWaitHandle]::Set = $Answer.ready
