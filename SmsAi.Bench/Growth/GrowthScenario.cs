using System.Diagnostics;
using SmsAi.Bench.Floor;
using SmsAi.Bench.Load;
using SmsAi.Bench.Product;
using SmsAi.Bench.Road;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Bench.Growth;

/// <summary>
/// The same road twice, round by round in turn: in an empty database, and in one with messages and people already there, who then text again.
/// Each has its own servers and program, so that what else the machine does weighs on both. Then the floor in both, in turn as well: it tells how
/// much of the growth is the rows' own.
/// </summary>
public static class GrowthScenario
{
    public const int UsualPeople = 200_000;
    public const int UsualMessages = 10_000_000;

    public static async Task<GrowthReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        await using var empty = await Stage.PrepareAsync(options, folder: null, console, cancel);
        await using var grown = await Stage.PrepareAsync(options, options.Data, console, cancel);
        var people = options.People ?? UsualPeople;
        await SeedAsync(new SeedPlan(options.Messages ?? UsualMessages, people, DateTime.UtcNow), grown, console, cancel);

        var crowds = new List<(Stage Stage, Crowd Crowd, List<RoundFigures> Rounds)>();
        foreach (var (stage, first) in new[] { (empty, People.OfRounds), (grown, People.Seeded) })
        {
            await stage.OpenAsync(console, cancel);
            await RoadScenario.WarmUpAsync(options, stage, cancel);
            crowds.Add((stage, new Crowd(stage, first, Math.Min(options.Texts, people)), []));
        }

        // Round 0 is where they meet: new people there, people this program has not met yet here. It is shown and not compared.
        for (var number = 0; number <= options.Rounds; number++)
        {
            foreach (var (stage, crowd, rounds) in crowds)
                rounds.Add(await RoundFigures.MeasureAsync(number, options.Texts, options.Senders, crowd, stage, cancel));
            await console.WriteLineAsync($"Round {number}: {crowds[0].Rounds[^1].PerSecond:0} empty, {crowds[1].Rounds[^1].PerSecond:0} grown.");
        }

        var facts = await grown.FactsAsync(cancel);
        var floors = options.WithFloor
            ? await FloorsAsync(options, [(empty, People.OfRounds), (grown, People.Seeded)], Math.Min(options.Texts, people), cancel)
            : [[], []];
        return new GrowthReport(facts)
        {
            EmptyFloor = floors[0],
            GrownFloor = floors[1],
            Empty = crowds[0].Rounds,
            Grown = crowds[1].Rounds,
            Messages = await grown.Servers.ScalarAsync<long>("select count(*) from messages", cancel),
            People = await grown.Servers.ScalarAsync<long>("select count(*) from users", cancel),
            DatabaseMegabytes = await grown.Servers.ScalarAsync<long>("select pg_database_size(current_database())", cancel) / 1e6,
        };
    }

    // With the same people, who are known. The program would count what the floor writes as its own.
    private static async Task<IReadOnlyList<FloorRound>[]> FloorsAsync(
        BenchOptions options, IReadOnlyList<(Stage Stage, long First)> stages, int people, CancellationToken cancel)
    {
        var floors = new List<(FloorProcess Floor, long First, List<FloorRound> Rounds)>();
        try
        {
            foreach (var (stage, first) in stages)
            {
                await stage.CloseAsync();
                floors.Add((await FloorProcess.StartAtAsync(stage, first, people, cancel), first, []));
            }

            // Two rounds until its code is compiled.
            for (var number = -1; number <= options.Rounds; number++)
            {
                foreach (var (floor, first, rounds) in floors)
                {
                    var round = await floor.TextAsync(people, first, options.Senders, cancel);
                    if (number > 0)
                        rounds.Add(round);
                }
            }

            return [.. floors.Select(floor => floor.Rounds)];
        }
        finally
        {
            foreach (var (floor, _, _) in floors)
                await floor.DisposeAsync();
        }
    }

    /// <summary>Fills the database of a prepared stage, unless that was done before.</summary>
    internal static async Task SeedAsync(SeedPlan plan, Stage stage, TextWriter console, CancellationToken cancel)
    {
        var servers = stage.Servers;
        await OwnDatabase.EnsureAsync(servers.Database, cancel);
        await new MigrationRunner(servers.Owner, MigrationSet.Embedded()).ApplyAsync(force: false, cancel);
        var seeder = new Seeder(servers.Database, servers.Keys, stage.Carrier.Number, plan);
        if (await servers.ScalarAsync<bool>("select exists (select from messages)", cancel))
        {
            await seeder.MarkReadAsync(cancel);
            await console.WriteLineAsync("This folder was filled before.");
            return;
        }

        var began = Stopwatch.GetTimestamp();
        await seeder.RunAsync(console, cancel);
        await console.WriteLineAsync($"Filled within {Stopwatch.GetElapsedTime(began).TotalMinutes:0.0} min.");
    }
}
