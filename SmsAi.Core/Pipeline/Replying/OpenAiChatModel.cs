using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>
/// OpenAI's own client, by its protocol methods: they leave the request's fields to us, which servers that only speak
/// the protocol need, and take a third less memory per call. It neither repeats requests nor reports about us.
/// </summary>
public sealed class OpenAiChatModel : IChatModel
{
    private readonly HttpClient _http;
    private readonly IOptions<OpenAiOptions> _options;
    private readonly ListenAddress _ownAddress;
    private readonly TimeProvider _time;
    private (ChatClient Client, bool IsOpenAi)? _connected;

    static OpenAiChatModel() => AppContext.SetSwitch("OpenAI.DisableTelemetry", true);

    /// <summary>Builds it on one shared connection pool.</summary>
    public OpenAiChatModel(HttpClient http, IOptions<OpenAiOptions> options, ListenAddress ownAddress, TimeProvider time)
    {
        _http = http;
        _options = options;
        _ownAddress = ownAddress;
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<ModelResult> AnswerAsync(ModelRequest request, CancellationToken cancel)
    {
        if ((_connected ??= Connect()) is not { } chat)
            return new ModelResult.RetryLater("our own address is not known before the server listens", null, IsThrottled: false);

        var start = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(_options.Value.TimeoutSeconds));
        var result = await AskAsync(chat.Client, Body(request, chat.IsOpenAi), limit.Token, cancel);
        return result with { Elapsed = Stopwatch.GetElapsedTime(start) };
    }

    private async Task<ModelResult> AskAsync(ChatClient client, BinaryContent body, CancellationToken limit, CancellationToken cancel)
    {
        using var _ = body;
        try
        {
            var result = await client.CompleteChatAsync(body, new RequestOptions
            {
                CancellationToken = limit,
                // An answer with an error is a value to us, and a throw per refused call is dear in a storm of them.
                ErrorOptions = ClientErrorBehaviors.NoThrow,
            });
            using var response = result.GetRawResponse();
            return OpenAiAnswers.Of(response.Status, response.Content, response.Headers, _time.GetUtcNow());
        }
        // A call ended by us may come back as a broken connection, too.
        catch (Exception fault) when (fault is OperationCanceledException || (limit.IsCancellationRequested && IsOfTheWay(fault)))
        {
            return cancel.IsCancellationRequested
                ? new ModelResult.Cancelled()
                : new ModelResult.RetryLater("no answer in time", null, IsThrottled: false);
        }
        // The client wraps what went wrong on the way; its texts may name addresses.
        catch (Exception fault) when (IsOfTheWay(fault))
        {
            return new ModelResult.RetryLater("connection lost", null, IsThrottled: false);
        }
    }

    private static bool IsOfTheWay(Exception fault) => fault is ClientResultException or HttpRequestException or IOException or AggregateException;

    private (ChatClient, bool)? Connect()
    {
        if (_ownAddress.Resolve(_options.Value.BaseUrl) is not { } endpoint)
            return null;
        var client = new ChatClient(_options.Value.Model, new ApiKeyCredential(_options.Value.ApiKey), new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
            UserAgentApplicationId = "SmsAi",
        });
        var isOpenAi = endpoint.Host is var host
            && (host.EndsWith(".openai.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase));
        return (client, isOpenAi);
    }

    private static BinaryContent Body(ModelRequest request, bool isOpenAi)
    {
        var turns = new ChatTurnJson[request.Turns.Count + 1];
        turns[0] = new ChatTurnJson("system", request.SystemPrompt);
        for (var i = 0; i < request.Turns.Count; i++)
            turns[i + 1] = new ChatTurnJson(request.Turns[i].Role == ModelRole.User ? "user" : "assistant", request.Turns[i].Text);
        // Newer models of OpenAI refuse the old name of the limit; older servers ignore the new one, and strict ones refuse
        // fields they don't know.
        var json = new ChatRequestJson(
            request.Model, turns, request.Temperature == 1 ? null : request.Temperature,
            MaxTokens: isOpenAi ? null : request.MaxTokens,
            MaxCompletionTokens: isOpenAi ? request.MaxTokens : null,
            SafetyIdentifier: isOpenAi ? request.SafetyIdentifier : null,
            Store: isOpenAi ? false : null);
        return BinaryContent.Create(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(json, OpenAiJson.Default.ChatRequestJson)));
    }
}
