namespace SmsAi.Tests.Platform.Faults.Mutants;

/// <summary>A build with one guarantee taken away. The scenario that proves the guarantee must turn red on it, and for the right reason.</summary>
/// <param name="Scenario">The scenario's number, as in the report.</param>
/// <param name="Test">The test that runs it, as the runner's method filter.</param>
/// <param name="RedWhen">A pattern that the test's output must match.</param>
public sealed record Mutant(string Name, string Scenario, string Test, string RedWhen, params SourceChange[] Changes)
{
    /// <summary>Run on the test's database, for a guarantee the schema gives too.</summary>
    public string? Sql { get; init; }

    /// <summary>Run in the scenario's long form, where the short one turns red only nearly always.</summary>
    public bool NeedsLongForm { get; init; }

    public override string ToString() => Name;
}

/// <summary>A text in one source file and what replaces it; the text must be there exactly once.</summary>
public sealed record SourceChange(string File, string Before, string After)
{
    public int CountIn(string root) => Text(root).Split(Before).Length - 1;

    public void Apply(string root)
    {
        if (CountIn(root) != 1)
            throw new InvalidOperationException($"The mutant's text is not there exactly once in {File}; it no longer applies:\n{Before}");
        System.IO.File.WriteAllText(Path.Combine(root, File), Text(root).Replace(Before, After, StringComparison.Ordinal));
    }

    private string Text(string root) => System.IO.File.ReadAllText(Path.Combine(root, File));
}
