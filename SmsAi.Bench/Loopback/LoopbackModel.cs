using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SmsAi.Bench.Loopback;

/// <summary>One question the loopback model got.</summary>
public sealed record ModelQuestion(DateTimeOffset ArrivedAt, string Model, IReadOnlyList<(string Role, string Text)> Turns)
{
    /// <summary>The person's last text.</summary>
    public string Last => Turns.LastOrDefault(turn => turn.Role == "user").Text ?? "";

    /// <summary>Whoever asked hung up before the answer.</summary>
    public bool IsAbandoned { get; internal set; }

    /// <summary>When the answer left, or the asker did; null while it is thinking.</summary>
    public DateTimeOffset? EndedAt { get; internal set; }
}

/// <summary>The language model on this machine: the chat protocol over real HTTP, with a ledger of every question and a script for its faults.</summary>
public sealed class LoopbackModel : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<ModelQuestion> _questions = new();
    private long _count;

    private LoopbackModel() => _server = new LoopbackServer(ServeAsync);

    /// <summary>Where it answers: the value of <c>OpenAI:BaseUrl</c>.</summary>
    public Uri Address => new(_server.Address, "v1");

    /// <summary>What to do with a question; without it, the text is repeated: "Echo: …".</summary>
    public Func<ModelQuestion, ModelAct>? Decide { get; set; }

    /// <summary>How long it thinks.</summary>
    public Func<TimeSpan>? Latency { get; set; }

    /// <summary>Every question in order of arrival.</summary>
    public IReadOnlyCollection<ModelQuestion> Questions => _questions;

    /// <summary>All tokens it counted, for comparison with the spend ledger.</summary>
    public (long Input, long Output) Tokens => (Interlocked.Read(ref _inputTokens), Interlocked.Read(ref _outputTokens));

    private long _inputTokens;
    private long _outputTokens;

    /// <summary>The settings with which the product uses this model.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings() =>
        [new("OpenAI:ApiKey", "sk-loopback"), new("OpenAI:BaseUrl", Address.AbsoluteUri)];

    public static async Task<LoopbackModel> StartAsync()
    {
        var model = new LoopbackModel();
        await model._server.StartAsync();
        return model;
    }

    /// <summary>Connections to it are refused until <see cref="ReturnAsync"/>.</summary>
    public Task LeaveAsync() => _server.StopAsync();

    /// <summary>Answers again, on the same port.</summary>
    public Task ReturnAsync() => _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _server.DisposeAsync();
        _ending.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var question = await ReadAsync(context.Request);
        _questions.Enqueue(question);
        var act = Decide?.Invoke(question) ?? ModelAct.Answer("Echo: " + question.Last);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _ending.Token);
        var latency = act.Reply == ModelReply.Never ? Timeout.InfiniteTimeSpan : Latency?.Invoke() ?? TimeSpan.Zero;
        if (latency != TimeSpan.Zero)
            await Task.Delay(latency, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        question.IsAbandoned = context.RequestAborted.IsCancellationRequested;
        question.EndedAt = DateTimeOffset.UtcNow;
        if (act.Reply == ModelReply.Reset)
            context.Abort();
        else if (!either.IsCancellationRequested)
            await AnswerAsync(context, question, act);
    }

    private Task AnswerAsync(HttpContext context, ModelQuestion question, ModelAct act)
    {
        var id = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["x-request-id"] = "req_" + id;
        if (act.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var json = act.Status == 200 ? Spoken(question, act, id) : Failed(act);
        if (act.Reply == ModelReply.Half)
            json = json[..(json.Length / 2)];
        context.Response.StatusCode = act.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json).AsTask();
    }

    private byte[] Spoken(ModelQuestion question, ModelAct act, string id)
    {
        var input = act.InputTokens ?? question.Turns.Sum(turn => turn.Text.Length / 4 + 4);
        var output = act.OutputTokens ?? act.Text.Length / 4 + 1;
        Interlocked.Add(ref _inputTokens, input);
        Interlocked.Add(ref _outputTokens, output);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = "chatcmpl-" + id,
            @object = "chat.completion",
            created = question.ArrivedAt.ToUnixTimeSeconds(),
            model = question.Model,
            choices = new[] { new { index = 0, message = new { role = "assistant", content = act.Text, refusal = (string?)null }, finish_reason = "stop" } },
            usage = new
            {
                prompt_tokens = input,
                completion_tokens = output,
                total_tokens = input + output,
                prompt_tokens_details = new { cached_tokens = 0 },
                completion_tokens_details = new { reasoning_tokens = 0 },
            },
        });
    }

    private static byte[] Failed(ModelAct act) => JsonSerializer.SerializeToUtf8Bytes(
        new { error = new { message = "As the script says", type = "invalid_request_error", param = (string?)null, code = act.Code } });

    private static async Task<ModelQuestion> ReadAsync(HttpRequest request)
    {
        var arrivedAt = DateTimeOffset.UtcNow;
        using var json = await JsonDocument.ParseAsync(request.Body);
        var turns = json.RootElement.GetProperty("messages").EnumerateArray()
            .Select(turn => (turn.GetProperty("role").GetString() ?? "", turn.GetProperty("content").GetString() ?? ""))
            .ToList();
        return new ModelQuestion(arrivedAt, json.RootElement.GetProperty("model").GetString() ?? "", turns);
    }
}
