using System.Text.Json.Serialization;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Shapes of the chat protocol: only the fields we write and read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ChatRequestJson))]
[JsonSerializable(typeof(ChatAnswerJson))]
[JsonSerializable(typeof(ChatErrorJson))]
internal sealed partial class OpenAiJson : JsonSerializerContext;

/// <summary>A question.</summary>
internal sealed record ChatRequestJson(
    string Model, ChatTurnJson[] Messages, double? Temperature,
    int? MaxTokens, int? MaxCompletionTokens, string? SafetyIdentifier, bool? Store);

/// <summary>A turn in a question.</summary>
internal sealed record ChatTurnJson(string Role, string Content);

/// <summary>An answer.</summary>
internal sealed record ChatAnswerJson(string? Model, ChatAnswerJson.Choice[]? Choices, ChatAnswerJson.Tokens? Usage)
{
    internal sealed record Choice(Text? Message, string? FinishReason);

    internal sealed record Text(string? Content, string? Refusal);

    internal sealed record Tokens(
        int PromptTokens, int CompletionTokens, InputDetails? PromptTokensDetails, OutputDetails? CompletionTokensDetails);

    internal sealed record InputDetails(int? CachedTokens);

    internal sealed record OutputDetails(int? ReasoningTokens);
}

/// <summary>A refusal.</summary>
internal sealed record ChatErrorJson(ChatErrorJson.Detail? Error)
{
    /// <summary>The code is text at OpenAI and a number at some servers that speak its protocol.</summary>
    internal sealed record Detail(string? Type, System.Text.Json.JsonElement Code);
}
