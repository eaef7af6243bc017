using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>What to do about a carrier's error.</summary>
public enum CarrierAction
{
    /// <summary>Passing; the same text may go again later.</summary>
    Retry,

    /// <summary>The person opted out or blocked us: send her nothing until she opts in.</summary>
    SuppressConsent,

    /// <summary>The phone can't be reached; after three times in a row, stop trying.</summary>
    SuppressUnreachable,

    /// <summary>The text itself was refused; someone should look at it.</summary>
    Content,

    /// <summary>Our number or its registration is the trouble: pause it.</summary>
    SenderPause,

    /// <summary>A daily cap of the network; slow down or stop broadcasts.</summary>
    CarrierCap,

    /// <summary>Our account or settings: nothing will go until they are mended, so hold all.</summary>
    Config,

    /// <summary>Two machines text each other: be quiet in this conversation.</summary>
    LoopMute,

    /// <summary>This text will never go, others may.</summary>
    Permanent,
}

/// <summary>One error of a carrier: its number, its class, what to do, how often a retry is worth it, and the words for people.</summary>
public sealed record CarrierError(int Code, string Class, CarrierAction Action, string Words)
{
    /// <summary>How many further tries make sense; null leaves it to the usual count.</summary>
    public int? Retries { get; init; }

    /// <summary>The text is over: it will not be tried again.</summary>
    public bool IsTerminal => Action is not (CarrierAction.Retry or CarrierAction.Config or CarrierAction.SenderPause or CarrierAction.CarrierCap);
}

/// <summary>The carrier's errors (CarrierErrors.json beside this file) and what they mean for us.</summary>
public static partial class CarrierErrors
{
    private static readonly FrozenDictionary<int, CarrierError> ByCode = Load();

    public static IReadOnlyCollection<CarrierError> Known => ByCode.Values;

    /// <summary>The error of that number; one we don't know is the end of that text, and says its number.</summary>
    public static CarrierError Find(int code) =>
        ByCode.TryGetValue(code, out var error) ? error : new CarrierError(code, "unknown", CarrierAction.Permanent, $"Not sent: the carrier gave error {code}.");

    /// <summary>
    /// What a definite refusal of a send means: by its number if we know it, else by its HTTP status. Null for 5xx and whatever
    /// leaves open whether the text was taken: ask the carrier's list first.
    /// </summary>
    public static CarrierError? ForAnswer(int status, int? code) => (status, code) switch
    {
        ( < 400 or >= 500 or 408, _) => null,
        (_, { } known) when ByCode.TryGetValue(known, out var error) => error,
        (429, _) => ByCode[20429] with { Code = code ?? 20429 },
        (401 or 403 or 404, _) => ByCode[20003] with { Code = code ?? 20003 },
        _ => code is { } unknown ? Find(unknown) : new CarrierError(0, "unknown", CarrierAction.Permanent, $"Not sent: the carrier answered {status}."),
    };

    private static FrozenDictionary<int, CarrierError> Load()
    {
        using var stream = typeof(CarrierErrors).Assembly.GetManifestResourceStream("Pipeline/Delivery/CarrierErrors.json")!;
        var classes = JsonSerializer.Deserialize(stream, DataJson.Default.DictionaryStringErrorClass)!;
        return classes
            .SelectMany(one => one.Value.Codes.Select(code => new CarrierError(code.Key, one.Key, one.Value.Action, code.Value)
            {
                Retries = one.Value.Retries,
            }))
            .ToFrozenDictionary(error => error.Code);
    }

    internal sealed record ErrorClass(CarrierAction Action, int? Retries, Dictionary<int, string> Codes);

    [JsonSerializable(typeof(Dictionary<string, ErrorClass>))]
    [JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNameCaseInsensitive = true)]
    private sealed partial class DataJson : JsonSerializerContext;
}
