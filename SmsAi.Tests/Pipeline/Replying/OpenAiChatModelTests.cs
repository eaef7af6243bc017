using System.Diagnostics;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Http;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Http;

namespace SmsAi.Tests.Pipeline.Replying;

public sealed class OpenAiChatModelTests
{
    private const string Spoken = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,
         "message":{"role":"assistant","content":" It opens at nine. ","refusal":null},"logprobs":null,"finish_reason":"stop"}],
         "usage":{"prompt_tokens":31,"completion_tokens":7,"total_tokens":38,"prompt_tokens_details":{"cached_tokens":16,"audio_tokens":0},
         "completion_tokens_details":{"reasoning_tokens":2}},"service_tier":"default","system_fingerprint":"fp_1"}
        """;

    private static readonly ModelRequest Question = new(
        "Be brief.", [new(ModelRole.User, "Hi"), new(ModelRole.Assistant, "Hello"), new(ModelRole.User, "When do you \"open\"?")],
        "hash", "gpt-4o-mini", 150, 0.7);

    [Fact]
    public async Task A_question_is_asked_once_with_only_the_fields_of_the_protocol()
    {
        await using var server = RawServer.Answering(200, Spoken, "x-request-id: req_7\r\n");

        var result = await Model(server).AnswerAsync(Question, default);

        var answer = result.ShouldBeOfType<ModelResult.Answer>();
        answer.Text.ShouldBe("It opens at nine.");
        answer.Model.ShouldBe("gpt-4o-mini-2024-07-18");
        answer.Usage.ShouldBe(new ModelUsage(31, 16, 7, 2));
        answer.FinishReason.ShouldBe("stop");
        answer.RequestId.ShouldBe("req_7");
        answer.Elapsed.ShouldBeGreaterThan(TimeSpan.Zero);

        var request = server.Requests.ShouldHaveSingleItem();
        request.ShouldStartWith("POST /v1/chat/completions HTTP/1.1\r\n");
        request.ShouldContain("Authorization: Bearer key\r\n");
        request.ShouldNotContain("Stainless");
        request.ShouldEndWith(
            """{"model":"gpt-4o-mini","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},"""
            + """{"role":"assistant","content":"Hello"},{"role":"user","content":"When do you \u0022open\u0022?"}],"""
            + "\"temperature\":0.7,\"max_tokens\":150}");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_trace_goes_along()
    {
        await using var elsewhere = RawServer.Answering(200, Spoken);
        await using var server = RawServer.Answering(307, "", $"Location: {elsewhere.Address}\r\n");
        using var activity = new Activity("a turn").SetIdFormat(ActivityIdFormat.W3C).Start();

        var result = await Model(server).AnswerAsync(Question, default);

        result.ShouldNotBeOfType<ModelResult.Answer>();
        elsewhere.Requests.ShouldBeEmpty();
        server.Requests.ShouldHaveSingleItem().ShouldNotContain("traceparent", Case.Insensitive);
    }

    [Theory]
    [InlineData(429, """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", "answered 429 (rate_limit_exceeded)", true)]
    [InlineData(500, """{"error":{"message":"x","type":"server_error","param":null,"code":null}}""", "answered 500 (server_error)", false)]
    [InlineData(503, "upstream connect error", "answered 503", false)]
    [InlineData(408, "", "answered 408", false)]
    [InlineData(200, """{"id":"chatcmpl-1","choices":[{"mess""", "unreadable answer", false)]
    [InlineData(200, "", "unreadable answer", false)]
    public async Task These_answers_ask_to_come_back_later(int status, string body, string reason, bool throttled)
    {
        await using var server = RawServer.Answering(status, body);

        var result = (await Model(server).AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.RetryLater>();

        (result.Reason, result.IsThrottled, result.RetryAfter).ShouldBe((reason, throttled, null));
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", ModelFault.Quota)]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided: sk-12345","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", ModelFault.Credentials)]
    [InlineData(403, """{"error":{"message":"Country not supported","type":"x","param":null,"code":"unsupported_country_region_territory"}}""", ModelFault.Credentials)]
    [InlineData(404, """{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", ModelFault.Model)]
    [InlineData(404, "404 page not found", ModelFault.Model)]
    [InlineData(400, """{"error":{"message":"maximum context length","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", ModelFault.Request)]
    [InlineData(400, """{"error":{"message":"x","type":"BadRequestError","param":null,"code":400}}""", ModelFault.Request)]
    [InlineData(301, "", ModelFault.Request)]
    public async Task These_answers_need_somebody(int status, string body, ModelFault fault)
    {
        await using var server = RawServer.Answering(status, body);

        var result = (await Model(server).AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.Broken>();

        result.Fault.ShouldBe(fault);
        result.Reason.ShouldNotContain("sk-");
        server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Retry-After: 7\r\n", 7_000)]
    [InlineData("retry-after-ms: 350\r\nretry-after: 1\r\n", 350)]
    [InlineData("Retry-After: Sun, 01 Mar 2026 12:00:30 GMT\r\n", 30_000)]
    [InlineData("Retry-After: 86400\r\n", 300_000)]
    public async Task The_asked_pause_is_kept_within_five_minutes(string headers, int milliseconds)
    {
        await using var server = RawServer.Answering(429, "{}", headers);

        var result = (await Model(server).AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.RetryLater>();

        result.RetryAfter.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Fact]
    public async Task Thinking_without_a_text_is_empty_and_still_costs()
    {
        await using var server = RawServer.Answering(200, Spoken.Replace(" It opens at nine. ", "").Replace("\"stop\"", "\"length\""));

        var result = (await Model(server).AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.Empty>();

        result.FinishReason.ShouldBe("length");
        result.Usage.Output.ShouldBe(7);
    }

    [Theory]
    [InlineData("\"finish_reason\":\"stop\"", "\"finish_reason\":\"content_filter\"")]
    [InlineData("\"refusal\":null", "\"refusal\":\"I can't help with that.\"")]
    public async Task A_refusal_is_no_answer(string before, string after)
    {
        await using var server = RawServer.Answering(200, Spoken.Replace(before, after));

        (await Model(server).AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.ContentFiltered>().Usage.Input.ShouldBe(31);
    }

    [Fact]
    public async Task A_reset_connection_asks_to_come_back_and_is_not_repeated()
    {
        await using var server = new RawServer((socket, _) => RawServer.ResetAsync(socket));

        var result = (await Model(server).AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.RetryLater>();

        result.Reason.ShouldBe("connection lost");
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_silent_model_is_given_up_after_the_time_limit()
    {
        await using var server = new RawServer((_, _) => Task.Delay(Timeout.Infinite));

        var result = await Model(server, timeoutSeconds: 1).AnswerAsync(Question, default);

        result.ShouldBeOfType<ModelResult.RetryLater>().Reason.ShouldBe("no answer in time");
    }

    [Fact]
    public async Task A_stop_ends_the_call_at_once()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new RawServer(async (_, _) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite);
        });

        var result = await Model(server).AnswerAsync(Question, stop.Token);

        result.ShouldBeOfType<ModelResult.Cancelled>().Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static OpenAiChatModel Model(RawServer server, int timeoutSeconds = 20) => new(
        new HttpClient(OutwardHttp.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
        Options.Create(new OpenAiOptions { ApiKey = "key", BaseUrl = new Uri(server.Address, "v1").AbsoluteUri, TimeoutSeconds = timeoutSeconds }),
        new ListenAddress(), new ManualTime());
}
