using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>The answer table: what each of the model service's answers means for the question.</summary>
internal static class OpenAiAnswers
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public static ModelResult Of(int status, BinaryData body, PipelineResponseHeaders headers, DateTimeOffset now)
    {
        var result = status is >= 200 and < 300 ? Success(body) : Failure(status, body, headers, now);
        return headers.TryGetValue("x-request-id", out var requestId) ? result with { RequestId = requestId } : result;
    }

    private static ModelResult Success(BinaryData body)
    {
        if (Read(body, OpenAiJson.Default.ChatAnswerJson) is not { } answer)
            return new ModelResult.RetryLater("unreadable answer", null, IsThrottled: false);

        var model = answer.Model ?? "";
        var usage = Usage(answer.Usage);
        var choice = answer.Choices is [var first, ..] ? first : null;
        var reason = choice?.FinishReason ?? "none";
        if (reason == "content_filter" || !string.IsNullOrWhiteSpace(choice?.Message?.Refusal))
            return new ModelResult.ContentFiltered(model, usage);
        return string.IsNullOrWhiteSpace(choice?.Message?.Content)
            ? new ModelResult.Empty(model, usage, reason)
            : new ModelResult.Answer(choice.Message.Content.Trim(), model, usage, reason);
    }

    private static ModelResult Failure(int status, BinaryData body, PipelineResponseHeaders headers, DateTimeOffset now)
    {
        // The texts may quote the question or a part of the key, so only the codes are kept.
        var error = Read(body, OpenAiJson.Default.ChatErrorJson)?.Error;
        var code = error?.Code is { ValueKind: JsonValueKind.String or JsonValueKind.Number } given ? given.ToString() : null;
        var reason = $"answered {status}" + (code ?? error?.Type) switch { { } word => $" ({Short(word)})", null => "" };
        return (status, code) switch
        {
            // Two different things come as 429: too fast, and no money left.
            (429 or 402, "insufficient_quota" or "billing_hard_limit_reached") or (402, _) => new ModelResult.Broken(ModelFault.Quota, reason),
            (429, _) => new ModelResult.RetryLater(reason, RetryAfter(headers, now), IsThrottled: true),
            ( >= 500 or 408 or 409 or 425, _) => new ModelResult.RetryLater(reason, RetryAfter(headers, now), IsThrottled: false),
            (_, "content_filter" or "content_policy_violation") => new ModelResult.ContentFiltered("", default),
            (401 or 403, _) => new ModelResult.Broken(ModelFault.Credentials, reason),
            (404, _) or (_, "model_not_found") => new ModelResult.Broken(ModelFault.Model, reason),
            _ => new ModelResult.Broken(ModelFault.Request, reason),
        };
    }

    private static ModelUsage Usage(ChatAnswerJson.Tokens? tokens) => tokens is null
        ? default
        : new ModelUsage(
            tokens.PromptTokens, tokens.PromptTokensDetails?.CachedTokens ?? 0,
            tokens.CompletionTokens, tokens.CompletionTokensDetails?.ReasoningTokens ?? 0);

    private static TimeSpan? RetryAfter(PipelineResponseHeaders headers, DateTimeOffset now)
    {
        TimeSpan? asked = null;
        if (headers.TryGetValue("retry-after-ms", out var precise)
            && double.TryParse(precise, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds))
            asked = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, 1e9));
        else if (headers.TryGetValue("retry-after", out var text))
            asked = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e6))
                : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var date) ? date - now : null;
        return asked switch
        {
            null => null,
            { } pause when pause <= TimeSpan.Zero => null,
            { } pause when pause > LongestPause => LongestPause,
            _ => asked,
        };
    }

    private static string Short(string word) => word.Length > 60 ? word[..60] : word;

    private static T? Read<T>(BinaryData body, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
