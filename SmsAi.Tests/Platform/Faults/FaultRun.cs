using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>
/// One run of a scenario: its size, its seed, the faults it caused and when, and the figures it came to. All are printed, whatever the
/// outcome, and kept for the report when one is wanted.
/// </summary>
public sealed class FaultRun : IDisposable
{
    /// <summary>"long" for the numbers of the specification; anything else for the short form.</summary>
    public const string SizeVariable = "SMSAI_FAULTS";

    /// <summary>Repeats an earlier run's dice.</summary>
    public const string SeedVariable = "SMSAI_FAULTS_SEED";

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> _schedule = new();
    private readonly List<FaultFigure> _figures = [];
    private readonly string _id;
    private readonly string _title;
    private bool _hasPassed;

    public FaultRun(string id, string title)
    {
        (_id, _title) = (id, title);
        Seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given
            : IsLong ? Environment.TickCount & 0xffffff : 20260309;
        Random = new Random(Seed);
    }

    public static bool IsLong => Environment.GetEnvironmentVariable(SizeVariable) == "long";

    public int Seed { get; }

    public Random Random { get; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>The short form's value, or the specification's.</summary>
    public static T Size<T>(T quick, T full) => IsLong ? full : quick;

    /// <summary>Notes a fault as it is caused.</summary>
    public void Caused(string fault) => _schedule.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds:0.0} s {fault}"));

    public void Note(string name, object value) =>
        _figures.Add(new FaultFigure(name, string.Create(CultureInfo.InvariantCulture, $"{value}")));

    public void Note(RoadReport report)
    {
        foreach (var (name, value) in report.Figures)
            _figures.Add(new FaultFigure(name, value));
    }

    /// <summary>The last line of a scenario: everything before it held.</summary>
    public void Passed() => _hasPassed = true;

    public void Dispose()
    {
        var result = new FaultResult
        {
            Id = _id,
            Title = _title,
            HasPassed = _hasPassed,
            IsLong = IsLong,
            Seed = Seed,
            Seconds = Math.Round(Elapsed.TotalSeconds, 1),
            At = DateTimeOffset.UtcNow,
            Figures = _figures,
            Schedule = [.. _schedule],
        };
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        FaultReport.Keep(result);
    }
}

/// <summary>A figure of a run with its name.</summary>
public sealed record FaultFigure(string Name, string Value);

/// <summary>What the report keeps of a run.</summary>
public sealed record FaultResult
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required bool HasPassed { get; init; }

    public required bool IsLong { get; init; }

    public required int Seed { get; init; }

    public required double Seconds { get; init; }

    public required DateTimeOffset At { get; init; }

    public required IReadOnlyList<FaultFigure> Figures { get; init; }

    public required IReadOnlyList<string> Schedule { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {Id} {Title}: {(HasPassed ? "passed" : "failed")} in {Seconds} s, seed {Seed}
        {string.Join(", ", Figures.Select(figure => $"{figure.Name} {figure.Value}"))}
        faults: {(Schedule.Count == 0 ? "none" : string.Join("; ", Schedule))}
        """);
}
