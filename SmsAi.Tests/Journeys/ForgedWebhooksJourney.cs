using System.Net;
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
        using var content = forgery.InPieces ? new PiecesContent(Encoding.UTF8.GetBytes(forgery.Body)) : (HttpContent)new ByteArrayContent(Encoding.UTF8.GetBytes(forgery.Body));
        using var response = await SignedWebhooks.PostAsync(App, forgery.Path, content, forgery.Signature, forgery.ContentType);
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
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

    /// <summary>A body whose length is not announced.</summary>
    private sealed class PiecesContent(byte[] body) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
