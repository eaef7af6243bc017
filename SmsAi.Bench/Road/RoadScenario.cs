using SmsAi.Bench.Floor;
using SmsAi.Bench.Load;
using SmsAi.Bench.Product;

namespace SmsAi.Bench.Road;

/// <summary>
/// The whole road under closed-loop load, round by round, each followed by a round of the floor on servers of its own: what else the machine
/// does meanwhile weighs on both.
/// </summary>
public static class RoadScenario
{
    /// <summary>Long enough for the program to notice that nothing happens any more, also where a sweep of the carrier falls into it.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public static async Task<RoadReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        await using var stage = await Stage.StartAsync(options, console, cancel);
        await using var floor = options.WithFloor ? await FloorProcess.StartAsync(stage, console, cancel) : null;
        await WarmUpAsync(options, stage, cancel);
        if (floor is not null)
        {
            await floor.TextAsync(options.WarmUp, People.OfWarmUp, options.Senders, cancel);
            await floor.TextByDoorAsync(options.WarmUp, options.Senders, new Crowd(stage, People.OfWarmUp, options.WarmUp, floor.Carrier), cancel);
        }

        return await MeasureAsync(options, stage, floor, console, cancel);
    }

    /// <summary>Texts of people who don't come again, until compilation is over.</summary>
    internal static async Task WarmUpAsync(BenchOptions options, Stage stage, CancellationToken cancel)
    {
        var run = await new Crowd(stage, People.OfWarmUp, options.WarmUp).TextAsync(options.WarmUp, options.Senders, cancel);
        await run.AnsweredAsync(cancel);
        await stage.IdleAsync(cancel);
    }

    private static async Task<RoadReport> MeasureAsync(
        BenchOptions options, Stage stage, FloorProcess? floor, TextWriter console, CancellationToken cancel)
    {
        await TopStatements.ResetAsync(stage.Servers, cancel);
        var crowd = new Crowd(stage, People.OfRounds, options.Texts);
        var atDoor = new Crowd(stage, People.OfDoor, options.Texts, floor?.Carrier);
        var (rounds, floors, doors) = (new List<RoundFigures>(), new List<FloorRound>(), new List<FloorRound>());
        for (var number = 1; number <= options.Rounds; number++)
        {
            rounds.Add(await RoundFigures.MeasureAsync(number, options.Texts, options.Senders, crowd, stage, cancel));
            await console.WriteLineAsync($"Round {number}: {rounds[^1].PerSecond:0} texts a second.");
            if (floor is null)
                continue;
            floors.Add(await floor.TextAsync(options.Texts, People.OfRounds, options.Senders, cancel));
            doors.Add(await floor.TextByDoorAsync(options.Texts, options.Senders, atDoor, cancel));
        }

        await Task.Delay(Rest, cancel);
        return new RoadReport(await stage.FactsAsync(cancel))
        {
            RestedMegabytes = stage.Used().App.ResidentBytes / 1e6,
            Rounds = rounds,
            Floor = floors,
            FloorByDoor = doors,
            Statements = await TopStatements.ReadAsync(stage.Servers, options.Texts * options.Rounds, cancel),
        };
    }
}
