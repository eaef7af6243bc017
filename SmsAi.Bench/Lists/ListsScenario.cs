using System.Diagnostics;
using System.Security.Cryptography;
using SmsAi.Bench.Growth;
using SmsAi.Bench.Live;
using SmsAi.Bench.Load;
using SmsAi.Bench.Measuring;
using SmsAi.Bench.Product;
using SmsAi.Bench.Road;

namespace SmsAi.Bench.Lists;

/// <summary>Lists among many people and messages, while dashboards watch and texts come: how soon each shows its first rows, and each screen a stop.</summary>
public static class ListsScenario
{
    public const int UsualMessages = 2_000_000;

    private const string Email = "bench@example.org";

    /// <summary>Each list in the ways an address opens it, common and rare; words of texts never stand in one.</summary>
    private static readonly string[] Opened =
    [
        "/users", "/users?tier=free", "/users?tier=enterprise", "/users?blocked=yes", "/users?sort=-spend", "/users?q=quiet",
        "/messages", "/messages?kind=answer", "/messages?kind=manual&since=90d", "/messages?state=delivered", "/messages?state=failed&since=90d",
        "/conversations", "/conversations?show=unread", "/conversations?show=waiting", "/conversations?tier=free", "/conversations?tier=enterprise",
    ];

    public static async Task<ListsReport> RunAsync(BenchOptions options, TextWriter console, CancellationToken cancel)
    {
        var password = "bench " + RandomNumberGenerator.GetHexString(24, lowercase: true);
        await using var stage = await Stage.PrepareAsync(options, options.Data, console, cancel, new("Admin:Email", Email), new("Admin:Password", password));
        var people = options.People ?? GrowthScenario.UsualPeople;
        await GrowthScenario.SeedAsync(new SeedPlan(options.Messages ?? UsualMessages, people, DateTime.UtcNow), stage, console, cancel);
        // A folder used before has an owner whose password nobody kept.
        await stage.Servers.ScalarAsync<long>("with gone as (delete from operators returning 1) select count(*) from gone", cancel);
        await stage.OpenAsync(console, cancel);
        await stage.UntilAsync("select exists (select from operators)", cancel);
        await RoadScenario.WarmUpAsync(options, stage, cancel);
        using var session = await OperatorSession.SignInAsync(stage.Product.Address, Email, password, cancel);

        // Once each for nobody: the page is compiled and the database's cache holds what it holds in use.
        foreach (var list in Opened)
            await OpenAsync(session, stage, list, cancel);
        var circuits = new List<Circuit>();
        try
        {
            var drill = new StopDrill(session, stage, options.Dashboards);
            for (var number = 0; number < options.Dashboards; number++)
            {
                var screen = number;
                circuits.Add(await Circuit.OpenAsync(session, stage.Product.Address, "/", (batch, at) => drill.Hear(screen, batch, at), cancel));
            }

            await console.WriteLineAsync($"{circuits.Count} dashboards.");
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var texts = TextUntilAsync(new Crowd(stage, People.Seeded, people), options.Rate, enough.Token, cancel);
            var times = Opened.ToDictionary(list => list, _ => new List<TimeSpan>());
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var list in Opened)
                    times[list].Add(await OpenAsync(session, stage, list, cancel));
            }

            await drill.RunAsync(options.Rounds, cancel);
            await enough.CancelAsync();
            var (sent, refused, unanswered) = await texts;
            return new ListsReport(await stage.FactsAsync(cancel))
            {
                Lists = [.. times.Select(list => new ListFigures(list.Key, Percentiles.Of(list.Value)))],
                Own = Percentiles.Of(drill.Own),
                Everywhere = Percentiles.Of(drill.Everywhere),
                Messages = await stage.Servers.ScalarAsync<long>("select count(*) from messages", cancel),
                People = await stage.Servers.ScalarAsync<long>("select count(*) from users", cancel),
                Texts = sent,
                Refused = refused,
                Unanswered = unanswered,
                Faults = [.. circuits.Select(circuit => circuit.Fault).OfType<string>().Distinct()],
            };
        }
        finally
        {
            await Task.WhenAll(circuits.Select(circuit => circuit.DisposeAsync().AsTask()));
        }
    }

    /// <summary>
    /// From the moment the server is asked for the page's components until it has drawn the first row, which alone shows somebody's last two
    /// digits, or that there is none.
    /// </summary>
    private static async Task<TimeSpan> OpenAsync(OperatorSession session, Stage stage, string list, CancellationToken cancel)
    {
        var shown = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var circuit = await Circuit.OpenAsync(
            session, stage.Product.Address, list, (batch, at) =>
            {
                if (batch.IndexOf("··"u8) >= 0 || batch.IndexOf("empty"u8) >= 0)
                    shown.TrySetResult(at);
            }, cancel);
        var at = await shown.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        return Stopwatch.GetElapsedTime(circuit.AskedAt, at);
    }

    private static async Task<(int Sent, int Refused, int Unanswered)> TextUntilAsync(Crowd crowd, int rate, CancellationToken enough, CancellationToken cancel)
    {
        var (sent, refused, unanswered) = (0, 0, 0);
        while (!enough.IsCancellationRequested)
        {
            var run = await crowd.TextOnScheduleAsync(rate, rate, sent: null, cancel);
            await run.AnsweredAsync(cancel);
            (sent, refused, unanswered) = (sent + rate, refused + run.Refused, unanswered + run.Unanswered);
        }

        return (sent, refused, unanswered);
    }
}
