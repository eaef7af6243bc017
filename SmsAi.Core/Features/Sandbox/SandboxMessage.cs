using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>A text as the sandbox's carrier keeps it.</summary>
public sealed record SandboxMessage
{
    /// <summary>SM and 32 hex digits, as the carrier's own.</summary>
    public required string Sid { get; init; }

    /// <summary>A person wrote it; otherwise we did.</summary>
    public required bool IsInbound { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Body { get; init; }
    public required string Status { get; init; }
    public int? ErrorCode { get; init; }

    /// <summary>Where the carrier reports what becomes of it.</summary>
    public string? StatusCallback { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    internal static string NewSid() => "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The part that is stored encrypted.</summary>
    internal sealed record Content(string From, string To, string Body, string? StatusCallback);
}

/// <summary>How a text's content is written.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxMessage.Content))]
internal sealed partial class SandboxMessageJson : JsonSerializerContext;
