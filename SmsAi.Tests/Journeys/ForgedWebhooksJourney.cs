using System.Net;
using System.Net.Sockets;
using System.Text;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>Whoever is not the carrier gets a bare status and leaves no row.</summary>
[Collection(JourneyCollection.Name)]
public sealed class ForgedWebhooksJourney(RunningService running) : IClassFixture<RunningService>
{
    private const int LargestBody = 64 * 1024;

    private static readonly Dictionary<string, (int Status, Func<ForgedWebhooksJourney, Forgery> Make)> Cases = new()
    {
        ["no signature"] = (403, test => test.Form() with { Signature = null }),
        ["empty signature"] = (403, test => test.Form() with { Signature = "" }),
        ["blank signature"] = (403, test => test.Form() with { Signature = "   " }),
        ["signature that is no base64"] = (403, test => test.Form() with { Signature = "not base64!" }),
        ["signature of another length"] = (403, test => test.Form() with { Signature = "AAAA" }),
        ["signed with another key"] = (403, test => test.Form() with { Signature = test.SignedFor(Service.PublicUrl, token: "another token") }),
        ["signed for another path"] = (403, test => test.Form() with { Signature = test.SignedFor(Service.PublicUrl, path: "/sms/status") }),
        ["signed for another host"] = (403, test => test.Form() with { Signature = test.SignedFor("http://elsewhere.example.org") }),
        ["signed for https"] = (403, test => test.Form() with { Signature = test.SignedFor("https://texts.example.org") }),
        ["signed for another port"] = (403, test => test.Form() with { Signature = test.SignedFor("http://texts.example.org:8080") }),
        ["signed for the address it listens on"] = (403, test => test.Form() with { Signature = test.SignedFor(test.App.Address.ToString().TrimEnd('/')) }),
        ["query that was not signed"] = (403, test => test.Form() with { Path = SignedWebhooks.Receive + "?x=1" }),
        ["body changed"] = (403, test => test.Form(sent: fields => fields["Body"] = "something else")),
        ["field added"] = (403, test => test.Form(sent: fields => fields["Extra"] = "1")),
        ["field left out"] = (403, test => test.Form(sent: fields => fields.Remove("NumSegments"))),
        ["field repeated"] = (403, test => test.Form() with { Body = test.Encoded() + "&Body=again" }),
        ["other account"] = (403, test => test.Form(both: fields => fields["AccountSid"] = "AC" + new string('0', 32))),
        ["no account"] = (403, test => test.Form(both: fields => fields.Remove("AccountSid"))),
        ["to a number that is not ours"] = (403, test => test.Form(both: fields => fields["To"] = "+12025550999")),
        ["without an id"] = (400, test => test.Form(both: fields => fields.Remove("MessageSid"))),
        ["with an id that is none"] = (400, test => test.Form(both: fields => fields["MessageSid"] = "SM 1;")),
        ["json"] = (415, test => test.Form() with { ContentType = "application/json", Body = """{"Body":"hello"}""" }),
        ["no form"] = (415, test => test.Form() with { ContentType = "text/plain" }),
        ["one byte too long"] = (413, test => test.Form() with { Body = new string('a', LargestBody + 1) }),
        ["a megabyte"] = (413, test => test.Form() with { Body = new string('a', 1024 * 1024) }),
        ["too long in pieces"] = (413, test => test.Form() with { Body = new string('a', LargestBody + 1), InPieces = true }),
        ["too long and unsigned"] = (413, test => test.Form() with { Body = new string('a', LargestBody + 1), Signature = null }),
        ["101 fields"] = (400, test => test.Form(both: fields => Add(fields, 101 - fields.Count))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    private AppProcess App => running.Service.App;

    private LoopbackCarrier Carrier => running.Service.Carrier;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refused_without_a_word_or_a_row(string name)
    {
        var (status, make) = Cases[name];
        var forgery = make(this);
        var answer = await PostAsync(forgery);
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("\r\nContent-Length: 0\r\n");
        answer.ShouldEndWith("\r\n\r\n");
        (await running.Service.Database.ScalarAsync<long>("select count(*) from messages m join users u on u.id = m.user_id where m.direction = 'in' and m.sid = $1", forgery.Sid)).ShouldBe(0);
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason_and_nothing_else_is_kept()
    {
        using var content = new FormUrlEncodedContent(running.Service.Webhooks.FieldsOf(Text()));
        using var response = await SignedWebhooks.PostAsync(App, SignedWebhooks.Receive, content, null);
        await Until.TrueAsync(
            async () => await running.Service.Database.ScalarAsync<long>("select count(*) from webhook_log where verdict = 'header_missing' and status = 403") > 0,
            "the refusal is counted");
        (await running.Service.Database.ScalarAsync<long>("select count(*) from webhook_log where path = '/sms/receive' and (sid is not null or message_id is not null)")).ShouldBe(0);
    }

    [Theory]
    [InlineData("with a field of tomorrow", "Tomorrow", "x", "")]
    [InlineData("with an empty field", "FromCity", "", "")]
    [InlineData("signed with the port", null, null, ":80")]
    public async Task Accepted_when_the_carrier_signed_it(string name, string? field, string? value, string port)
    {
        var text = Text(name);
        var fields = running.Service.Webhooks.FieldsOf(text);
        if (field is not null)
            fields[field] = value!;
        using var content = new FormUrlEncodedContent(fields);
        using var response = await SignedWebhooks.PostAsync(
            App, SignedWebhooks.Receive, content, TwilioSigner.Sign(Service.PublicUrl + port + SignedWebhooks.Receive, fields, Carrier.AuthToken));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml");
        (await response.Content.ReadAsStringAsync()).ShouldBe("""<?xml version="1.0" encoding="UTF-8"?><Response/>""");
        await Until.TrueAsync(() => Carrier.Ledger.Accepted.Any(answer => answer.Body == "Echo: " + name), "it is answered");
    }

    private static void Add(Dictionary<string, string> fields, int count)
    {
        for (var number = 0; number < count; number++)
            fields[$"More{number}"] = "x";
    }

    /// <summary>By hand: the server hangs up on what is too long, and an HTTP client that still writes then reads no answer.</summary>
    private async Task<string> PostAsync(Forgery forgery)
    {
        var signature = forgery.Signature is { } signed ? $"X-Twilio-Signature: {signed}\r\n" : "";
        var (length, body) = forgery.InPieces
            ? ("Transfer-Encoding: chunked", $"{forgery.Body.Length:x}\r\n{forgery.Body}\r\n0\r\n\r\n")
            : ($"Content-Length: {forgery.Body.Length}", forgery.Body);
        using var client = new TcpClient();
        await client.ConnectAsync(App.Address.Host, App.Address.Port);
        await using var stream = client.GetStream();
        var writing = stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {forgery.Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {forgery.ContentType}\r\n{signature}{length}\r\n\r\n{body}")).AsTask();
        var answer = new StringBuilder();
        var read = new byte[8192];
        try
        {
            while (await stream.ReadAsync(read) is > 0 and var count)
                answer.Append(Encoding.ASCII.GetString(read.AsSpan(0, count)));
        }
        catch (IOException)
        {
            // Hung up on.
        }

        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.ToString();
    }

    private LoopbackText Text(string body = "forged") => Carrier.KeepInbound("+12025550123", body);

    private string Encoded() => Encode(running.Service.Webhooks.FieldsOf(Text()));

    private string SignedFor(string url, string path = SignedWebhooks.Receive, string? token = null) =>
        TwilioSigner.Sign(url + path, running.Service.Webhooks.FieldsOf(Text()), token ?? Carrier.AuthToken);

    /// <summary>A form that would be taken, but for what the changes do: to what is signed and sent, or only to what is sent.</summary>
    private Forgery Form(Action<Dictionary<string, string>>? both = null, Action<Dictionary<string, string>>? sent = null)
    {
        var fields = running.Service.Webhooks.FieldsOf(Text());
        both?.Invoke(fields);
        var signature = running.Service.Webhooks.Sign(SignedWebhooks.Receive, fields);
        sent?.Invoke(fields);
        return new Forgery(fields.GetValueOrDefault("MessageSid", "none"), Encode(fields), signature);
    }

    private static string Encode(Dictionary<string, string> fields) =>
        string.Join('&', fields.Select(field => $"{WebUtility.UrlEncode(field.Key)}={WebUtility.UrlEncode(field.Value)}"));

    private sealed record Forgery(string Sid, string Body, string? Signature)
    {
        public string Path { get; init; } = SignedWebhooks.Receive;

        public string ContentType { get; init; } = SignedWebhooks.FormType;

        public bool InPieces { get; init; }
    }
}
