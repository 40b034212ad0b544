# The faults of each text as PowerShell, and what Windows PowerShell 5.1 would not know in it.
param(
    [object] $Texts
)
$nodes = 'TernaryExpressionAst', 'PipelineChainAst'
$kinds = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket'
$found = @{}
foreach ($one in $Texts.PSObject.Properties) {
    $tokens = $null
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseInput([string] $one.Value, [ref] $tokens, [ref] $errors)
    $newer = @($tree.FindAll({ param($node) $nodes -contains $node.GetType().Name }, $true) | ForEach-Object { $_.Extent.Text })
    $newer += @($tokens | Where-Object { $kinds -contains [string] $_.Kind } | ForEach-Object { $_.Text })
    $said = @($errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" })
    $found[$one.Name] = @($said) + @($newer | ForEach-Object { "not in 5.1: $_" })
}
$text = ConvertTo-Json -InputObject $found -Compress
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
