using System.Globalization;

namespace SmsAi.Bench;

/// <summary>What the command line asks for: a scenario and its sizes.</summary>
public sealed record BenchOptions
{
    public const string Usage = """
        Usage: SmsAi.Bench <scenario> [options]

          road      the whole road, round by round, each beside a round of the floor
                    [--texts 4000] [--rounds 5] [--senders 64] [--warm-up 4000] [--floor yes|no]
          open      arrivals on a schedule that waits for nobody
                    [--rates 200,500] [--seconds 60] [--people 4000] [--senders 64] [--warm-up 4000]
          rooms     intake alone (everything stopped), then queue alone (resumed), round by round
                    [--texts 4000] [--rounds 5] [--senders 64] [--warm-up 4000]
          growth    the road in an empty database and in one with messages and people already there
                    [--messages 10000000] [--people 200000] [--texts 4000] [--rounds 5] [--senders 64] [--warm-up 4000] [--floor yes|no]
          live      dashboards on the Overview while texts come
                    [--dashboards 200] [--rate 100] [--seconds 60] [--people 4000] [--warm-up 4000]
          lists     lists opened among many people and messages, dashboards and texts beside
                    [--messages 2000000] [--people 200000] [--dashboards 200] [--rate 100] [--rounds 20] [--warm-up 4000]

        All: [--model-ms 20] [--json file] [--data folder] [--set Key=Value ...]
        A data folder is kept; growth and lists fill only one that the bench made itself, and once; live uses none.
        """;

    public string Scenario { get; init; } = "";

    /// <summary>Texts of a round, each of another person.</summary>
    public int Texts { get; init; } = 4000;

    public int Rounds => RoundsWanted ?? (Scenario == "lists" ? 20 : 5);

    public int? RoundsWanted { get; init; }

    /// <summary>Webhooks under way at once.</summary>
    public int Senders { get; init; } = 64;

    /// <summary>How long the model takes for each answer.</summary>
    public TimeSpan ModelLatency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Texts of other people before the first round, so that it measures the road and not its compilation.</summary>
    public int WarmUp { get; init; } = 4000;

    /// <summary>Measures the floor beside the road.</summary>
    public bool WithFloor { get; init; } = true;

    /// <summary>Texts a second, one phase for each.</summary>
    public IReadOnlyList<int> Rates { get; init; } = [200, 500];

    /// <summary>Texts a second while dashboards watch.</summary>
    public int Rate { get; init; } = 100;

    /// <summary>How long a phase of arrivals lasts.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Who texts by turns; in growth, who is there already. Null: as many as the scenario usually has.</summary>
    public int? People { get; init; }

    /// <summary>Messages already there. Null: as many as the scenario usually has.</summary>
    public int? Messages { get; init; }

    public int Dashboards { get; init; } = 200;

    public string Json { get; init; } = "";

    /// <summary>A data folder to keep; without it, a new one that is deleted afterwards.</summary>
    public string? Data { get; init; }

    /// <summary>Further settings of the product.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when the command line asks for nothing there is.</summary>
    public static BenchOptions? Read(string[] args)
    {
        if (args is not [("road" or "open" or "rooms" or "growth" or "live" or "lists") and var scenario, .. var rest] || rest.Length % 2 != 0)
            return null;
        BenchOptions? options = new() { Scenario = scenario, Json = $"bench-{scenario}.json" };
        foreach (var pair in rest.Chunk(2))
            options = options?.With(pair[0], pair[1]);
        return options;
    }

    private BenchOptions? With(string key, string value) => key switch
    {
        "--texts" when Number(value) is { } texts => this with { Texts = texts },
        "--rounds" when Number(value) is { } rounds => this with { RoundsWanted = rounds },
        "--senders" when Number(value) is { } senders => this with { Senders = senders },
        "--model-ms" when Number(value) is { } latency => this with { ModelLatency = TimeSpan.FromMilliseconds(latency) },
        "--warm-up" when Number(value) is { } texts => this with { WarmUp = texts },
        "--floor" when value is "yes" or "no" => this with { WithFloor = value == "yes" },
        "--rates" when Numbers(value) is { } rates => this with { Rates = rates },
        "--rate" when Number(value) is { } rate => this with { Rate = rate },
        "--seconds" when Number(value) is { } seconds => this with { Duration = TimeSpan.FromSeconds(seconds) },
        "--people" when Number(value) is { } people => this with { People = people },
        "--messages" when Number(value) is { } messages => this with { Messages = messages },
        "--dashboards" when Number(value) is { } dashboards => this with { Dashboards = dashboards },
        "--json" => this with { Json = value },
        "--data" => this with { Data = value },
        "--set" when value.Split('=', 2) is [var name, var set] =>
            this with { Settings = new Dictionary<string, string>(Settings) { [name] = set } },
        _ => null,
    };

    private static int[]? Numbers(string value)
    {
        var numbers = value.Split(',').Select(Number).ToArray();
        return numbers.Contains(null) ? null : [.. numbers.OfType<int>()];
    }

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
