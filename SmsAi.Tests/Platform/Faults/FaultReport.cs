using System.Globalization;
using System.Text;
using System.Text.Json;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>Keeps each scenario's last result and each mutant's fate in docs/reliability.json, and writes docs/reliability.md from it.</summary>
public static class FaultReport
{
    /// <summary>Set when the run is to be reported.</summary>
    private const string WantedVariable = "SMSAI_FAULTS_REPORT";

    private static readonly JsonSerializerOptions Shape = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private static readonly Lock Gate = new();

    /// <summary>Scenarios, or parts of them, that need no storm.</summary>
    private static readonly (string Scenario, string Test)[] Elsewhere =
    [
        ("RF-01 short form", nameof(RoadJourney.A_replica_killed_amid_500_texts_loses_none_and_repeats_none)),
        ("RF-09, RF-10b, RF-12 short form", nameof(OutageJourney.While_the_database_is_away_webhooks_get_503_within_a_second_and_the_sweep_brings_what_was_given_up)),
        ("RF-13 short form", nameof(OutageJourney.Answers_go_on_while_Redis_is_away_and_after_it_is_back)),
        ("RF-14 short form", nameof(RoadJourney.The_same_webhook_fifty_times_at_once_to_two_replicas_gives_one_answer)),
        ("RF-16 tables of plans", nameof(ReceiptsJourney.Every_text_ends_in_the_best_state_it_was_reported_in)),
        ("RF-17 replay of a dead letter", nameof(RoadTests.A_text_that_meets_a_fault_three_times_is_set_aside_and_can_be_replayed_once)),
        ("RF-18 refusals for good, opt-out learnt", nameof(RoadTests.What_the_carrier_refuses_for_good_is_not_tried_again_and_an_opt_out_is_learnt)),
        ("RF-18 out of reach uses up no text", nameof(RoadTests.A_carrier_out_of_reach_uses_up_no_text)),
        ("RF-18 too fast costs no try", nameof(RoadTests.A_busy_carrier_costs_no_try)),
        ("RF-19 short form", nameof(RoadTests.A_model_that_fails_three_times_ends_in_one_apology)),
        ("SA-01 each forgery", nameof(ForgedWebhooksJourney.Refused_without_a_word_or_a_row)),
        ("SA-02 replay", "RF-14 above"),
        ("SA-17 pages and cookies", nameof(SecurityHeadersTests.Forwarded_headers_of_strangers_change_nothing)),
    ];

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
            Every figure up to "leases left" must be 0, but for what a scenario says it expects: a poison text is a dead letter, RF-12, RF-18 and RF-19
            end some texts with an apology or before a person. Latencies, seeds and the moments of faults differ from run to run; the short forms run in `./test`.


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

        page.Append("\n## Also shown by ordinary tests\n\n| Scenario | Test |\n|---|---|\n");
        foreach (var (scenario, test) in Elsewhere)
            page.Append(CultureInfo.InvariantCulture, $"| {scenario} | {test} |\n");

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
