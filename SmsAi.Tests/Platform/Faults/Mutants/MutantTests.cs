using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SmsAi.Tests.Platform.Faults.Mutants;

/// <summary>Shows that the scenarios can fail: <c>./test mutants</c> builds each mutant and runs its scenario against it.</summary>
[Collection(Scenarios.FaultCollection.Name)]
public sealed class MutantTests
{
    /// <summary>What a mutant's scenario runs on its database before the program starts.</summary>
    public const string SqlVariable = "SMSAI_TEST_MUTANT_SQL";

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "smsai-mutants");

    public static TheoryData<Mutant> Mutants => [.. AllMutants.List.Select(mutant => new TheoryDataRow<Mutant>(mutant))];

    [Theory]
    [MemberData(nameof(Mutants), DisableDiscoveryEnumeration = true)]
    public void A_mutant_still_applies_to_the_sources(Mutant mutant) =>
        mutant.Changes.ShouldAllBe(change => change.CountIn(Repository.Root) == 1);

    [Theory]
    [MemberData(nameof(Mutants), DisableDiscoveryEnumeration = true)]
    public async Task A_mutant_turns_its_scenario_red(Mutant mutant)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(FaultRun.SizeVariable) == "mutants", "Run by ./test mutants.");
        await CopySourcesAsync();
        foreach (var change in mutant.Changes)
            change.Apply(Folder);
        var app = Path.Combine(Folder, "app");
        var (built, words) = await RunAsync("dotnet", ["build", Path.Combine(Folder, "SmsAi.Web"), "-o", app, "-v", "quiet", "-nologo", "-clp:NoSummary",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzersDuringBuild=false", "-p:TreatWarningsAsErrors=false"], []);
        built.ShouldBe(0, words);

        var (code, output) = await RunAsync("dotnet", [typeof(MutantTests).Assembly.Location, "-noColor", "-method", mutant.Test],
            [("SMSAI_TEST_APP", app), (FaultRun.SizeVariable, mutant.NeedsLongForm ? "long" : ""), ("SMSAI_FAULTS_REPORT", ""), (SqlVariable, mutant.Sql ?? "")]);
        var seen = Regex.Match(output, mutant.RedWhen).Value;
        var isKilled = code != 0 && seen.Length > 0;
        Console.WriteLine($"{mutant.Name} ({mutant.Scenario}): {(isKilled ? "killed" : "SURVIVED")}{(seen.Length > 0 ? $", {seen}" : "")}");
        FaultReport.Keep(new MutantResult(mutant.Name, mutant.Scenario, isKilled, seen, DateTimeOffset.UtcNow));
        isKilled.ShouldBeTrue($"{mutant.Name} survived {mutant.Test} (exit code {code}, looked for {mutant.RedWhen}):\n{output}");
    }

    // Built files stay, so that each mutant after the first builds only what it changes.
    private static async Task CopySourcesAsync()
    {
        Directory.CreateDirectory(Folder);
        var (code, words) = await RunAsync("/bin/sh",
            ["-c", """
             cd "$0" && tar -cf - --exclude='SmsAi.*/bin' --exclude='SmsAi.*/obj' Directory.Build.props Directory.Packages.props global.json .editorconfig \
               SmsAi.Core SmsAi.Web wwwroot-assets | tar -xf - -C "$1"
             """, Repository.Root, Folder], []);
        code.ShouldBe(0, words);
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
