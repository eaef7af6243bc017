using System.Globalization;

namespace SmsAi.Bench;

/// <summary>What the command line asks for: a scenario and its sizes.</summary>
public sealed record BenchOptions
{
    public const string Usage = """
        Usage: SmsAi.Bench road [--texts 2000] [--rounds 3] [--senders 64] [--model-ms 20] [--warm-up 400]
                                [--json file] [--data folder] [--set Key=Value ...]
        """;

    /// <summary>Texts of a round, each of another person.</summary>
    public int Texts { get; init; } = 2000;

    public int Rounds { get; init; } = 3;

    /// <summary>Webhooks under way at once.</summary>
    public int Senders { get; init; } = 64;

    /// <summary>How long the model takes for each answer.</summary>
    public TimeSpan ModelLatency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Texts of other people before the first round, so that it measures the road and not its compilation.</summary>
    public int WarmUp { get; init; } = 400;

    public string Json { get; init; } = "bench-road.json";

    /// <summary>A data folder to keep; without it, a new one that is deleted afterwards.</summary>
    public string? Data { get; init; }

    /// <summary>Further settings of the product.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Null when the command line asks for nothing there is.</summary>
    public static BenchOptions? Read(string[] args)
    {
        if (args is not ["road", .. var rest] || rest.Length % 2 != 0)
            return null;
        BenchOptions? options = new();
        foreach (var pair in rest.Chunk(2))
            options = options?.With(pair[0], pair[1]);
        return options;
    }

    private BenchOptions? With(string key, string value) => key switch
    {
        "--texts" when Number(value) is { } texts => this with { Texts = texts },
        "--rounds" when Number(value) is { } rounds => this with { Rounds = rounds },
        "--senders" when Number(value) is { } senders => this with { Senders = senders },
        "--model-ms" when Number(value) is { } latency => this with { ModelLatency = TimeSpan.FromMilliseconds(latency) },
        "--warm-up" when Number(value) is { } texts => this with { WarmUp = texts },
        "--json" => this with { Json = value },
        "--data" => this with { Data = value },
        "--set" when value.Split('=', 2) is [var name, var set] =>
            this with { Settings = new Dictionary<string, string>(Settings) { [name] = set } },
        _ => null,
    };

    private static int? Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
