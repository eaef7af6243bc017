using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Sandbox;

namespace SmsAi.Web.Features.Sandbox;

/// <summary>The chat protocol over the sandbox's model.</summary>
internal static class SandboxOpenAi
{
    public static async Task<IResult> AnswerAsync(
        HttpContext context, SandboxState state, IOptions<SandboxOptions> options, TimeProvider time, CancellationToken cancel)
    {
        QuestionJson? question;
        try
        {
            question = await JsonSerializer.DeserializeAsync(context.Request.Body, SandboxOpenAiJson.Default.QuestionJson, cancel);
        }
        catch (JsonException)
        {
            return Error(400, "invalid_request_error", "The request is no valid JSON.");
        }
        var faults = (await state.CurrentAsync(cancel)).Everywhere;
        if (Refusal(context, faults) is { } refusal)
            return refusal;
        await ThinkAsync(faults, options.Value.ModelMilliseconds, time, cancel);

        var turns = (question?.Messages ?? []).Select(turn => (turn.Role ?? "", turn.Content ?? "")).ToList();
        var text = faults.HasFlag(SandboxFault.ModelSilent) ? "" : SandboxModel.Answer(turns);
        var (asked, answered) = (turns.Sum(turn => SandboxModel.Tokens(turn.Item2) + 4), SandboxModel.Tokens(text));
        context.Response.Headers["x-request-id"] = "req_" + context.TraceIdentifier;
        return TypedResults.Json(
            new AnswerJson(
                "chatcmpl-" + Guid.NewGuid().ToString("N"), "chat.completion", time.GetUtcNow().ToUnixTimeSeconds(), SandboxModel.Name,
                [new ChoiceJson(0, new TurnJson("assistant", text), "stop")], new UsageJson(asked, answered, asked + answered)),
            SandboxOpenAiJson.Default.AnswerJson);
    }

    /// <summary>Says that there is such a model, as long as it would answer: the sandbox plays whichever is asked for.</summary>
    public static async Task<IResult> DescribeAsync(string name, HttpContext context, SandboxState state, TimeProvider time, CancellationToken cancel)
    {
        var faults = (await state.CurrentAsync(cancel)).Everywhere;
        if (Refusal(context, faults) is { } refusal)
            return refusal;
        await ThinkAsync(faults, 0, time, cancel);
        return TypedResults.Json(new ModelJson(name, "model", 0, SandboxModel.Name), SandboxOpenAiJson.Default.ModelJson);
    }

    public static IResult Error(int status, string code, string message) => TypedResults.Json(
        new ErrorJson(new ErrorDetailJson(message, "invalid_request_error", code)), SandboxOpenAiJson.Default.ErrorJson, statusCode: status);

    private static IResult? Refusal(HttpContext context, SandboxFault faults)
    {
        if (faults.HasFlag(SandboxFault.ModelBusy))
        {
            context.Response.Headers.RetryAfter = "2";
            return Error(429, "rate_limit_exceeded", "Rate limit reached.");
        }

        return faults.HasFlag(SandboxFault.ModelError) ? Error(500, "server_error", "The server had an error.") : null;
    }

    private static Task ThinkAsync(SandboxFault faults, int milliseconds, TimeProvider time, CancellationToken cancel) =>
        Task.Delay(TimeSpan.FromMilliseconds(faults.HasFlag(SandboxFault.ModelHangs) ? 300_000 : milliseconds), time, cancel);

    internal sealed record ModelJson(string Id, string Object, long Created, string OwnedBy);

    internal sealed record QuestionJson(TurnJson[]? Messages);

    internal sealed record TurnJson(string? Role, string? Content);

    internal sealed record AnswerJson(string Id, string Object, long Created, string Model, ChoiceJson[] Choices, UsageJson Usage);

    internal sealed record ChoiceJson(int Index, TurnJson Message, string FinishReason);

    internal sealed record UsageJson(int PromptTokens, int CompletionTokens, int TotalTokens);

    internal sealed record ErrorJson(ErrorDetailJson Error);

    internal sealed record ErrorDetailJson(string Message, string Type, string Code);
}

/// <summary>How the model's questions are read and its answers written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SandboxOpenAi.QuestionJson))]
[JsonSerializable(typeof(SandboxOpenAi.AnswerJson))]
[JsonSerializable(typeof(SandboxOpenAi.ModelJson))]
[JsonSerializable(typeof(SandboxOpenAi.ErrorJson))]
internal sealed partial class SandboxOpenAiJson : JsonSerializerContext;
