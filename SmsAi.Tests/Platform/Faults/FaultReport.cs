using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>Keeps each scenario's last result and each mutant's fate in docs/reliability.json, and writes docs/reliability.md from it.</summary>
public static class FaultReport
{
    /// <summary>Set when the run is to be reported.</summary>
    private const string WantedVariable = "SMSAI_FAULTS_REPORT";

    private static readonly JsonSerializerOptions Shape = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private static readonly Lock Gate = new();

    private static bool IsWanted => Environment.GetEnvironmentVariable(WantedVariable) is { Length: > 0 };

    private static string DataFile => Path.Combine(Repository.Root, "docs", "reliability.json");

    public static void Keep(FaultResult result) => Change(all => all with { Scenarios = Put(all.Scenarios, result, one => one.Id) });

    public static void Keep(MutantResult result) => Change(all => all with { Mutants = Put(all.Mutants, result, one => one.Name) });

    private static void Change(Func<FaultResults, FaultResults> change)
    {
        if (!IsWanted)
            return;
        lock (Gate)
        {
            var all = File.Exists(DataFile) ? JsonSerializer.Deserialize<FaultResults>(File.ReadAllText(DataFile), Shape)! : new FaultResults([], []);
            all = change(all);
            File.WriteAllText(DataFile, JsonSerializer.Serialize(all, Shape) + "\n");
            File.WriteAllText(Path.ChangeExtension(DataFile, ".md"), Page(all));
        }
    }

    private static List<T> Put<T>(IReadOnlyList<T> list, T one, Func<T, string> name) =>
        [.. list.Where(other => name(other) != name(one)).Append(one).OrderBy(name, StringComparer.Ordinal)];

    private static string Page(FaultResults all)
    {
        var page = new StringBuilder("""
            # Reliability, as measured

            Written by `./test faults` and `./test mutants`; don't edit. What each scenario does is in its test under `SmsAi.Tests/Platform/Faults/Scenarios`.
            Every figure up to "leases left" must be 0.


            """);
        page.Append("| Scenario | Result | Seconds | Seed | When | Its mutant |\n|---|---|---|---|---|---|\n");
        foreach (var one in all.Scenarios)
        {
            var mutants = all.Mutants.Where(mutant => mutant.Scenario == one.Id).Select(mutant => $"{mutant.Name}: {Fate(mutant)}");
            page.Append(CultureInfo.InvariantCulture,
                $"| {one.Id} {one.Title} | {(one.HasPassed ? "passed" : "**failed**")}{(one.IsLong ? "" : " (short form)")} | {one.Seconds} | {one.Seed} | {one.At:yyyy-MM-dd HH:mm} | {string.Join("; ", mutants)} |\n");
        }

        foreach (var one in all.Scenarios)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {one.Id} {one.Title}\n\n");
            page.Append(string.Join(", ", one.Figures.Select(figure => $"{figure.Name} **{figure.Value}**"))).Append("\n\n");
            page.Append("Faults: ").Append(one.Schedule.Count == 0 ? "by the script alone" : string.Join("; ", one.Schedule)).Append('\n');
        }

        page.Append("\n## Mutants\n\nEach is one small change that takes a guarantee away; its scenario must turn red.\n\n");
        page.Append("| Mutant | Scenario | Fate | What was seen | When |\n|---|---|---|---|---|\n");
        foreach (var one in all.Mutants)
            page.Append(CultureInfo.InvariantCulture, $"| {one.Name} | {one.Scenario} | {Fate(one)} | {one.Seen} | {one.At:yyyy-MM-dd HH:mm} |\n");
        return page.ToString();
    }

    private static string Fate(MutantResult mutant) => mutant.IsKilled ? "killed" : "**SURVIVED**";

    private sealed record FaultResults(IReadOnlyList<FaultResult> Scenarios, IReadOnlyList<MutantResult> Mutants);
}

/// <summary>What became of a mutant.</summary>
/// <param name="Seen">The line of the scenario's output that told it apart.</param>
public sealed record MutantResult(string Name, string Scenario, bool IsKilled, string Seen, DateTimeOffset At);
