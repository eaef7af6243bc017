using System.Diagnostics;
using System.Net;
using System.Text;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Intake;

/// <summary>Who gets past the door to the two webhooks, and what the others learn: a bare status.</summary>
public sealed class WebhookDoorTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private EdgeHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _host = await EdgeHost.StartAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("/sms/receive")]
    [InlineData("/sms/status")]
    [InlineData("/sms/self-test")]
    public async Task Unsigned_post_is_refused(string target)
    {
        var body = RawForm.Encode(EdgeHost.Text(EdgeHost.Sid(1)));
        await ShouldBeBareAsync(_host.PostAsync(target, body, signature: null), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync(target, body, signature: ""), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync(target, body, signature: "   "), HttpStatusCode.Forbidden);
    }

    public static TheoryData<string> Forgeries() =>
        ["no base64 at all", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", new string('A', 5000)];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Forged_signature_is_refused(string signature) =>
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", RawForm.Encode(EdgeHost.Text(EdgeHost.Sid(1))), signature), HttpStatusCode.Forbidden);

    [Fact]
    public async Task Signature_of_another_url_body_or_token_is_refused()
    {
        var form = EdgeHost.Text(EdgeHost.Sid(1));
        var body = RawForm.Encode(form);
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", form, token: "third-token"), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", body, Sign(_host.Address + "sms/receive", form)), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", body, Sign(EdgeHost.PublicUrl + "/sms/status", form)), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive?x=1", body, Sign(EdgeHost.PublicUrl + "/sms/receive", form)), HttpStatusCode.Forbidden);
        form["Body"] = "changed";
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", body, Sign(EdgeHost.PublicUrl + "/sms/receive", form)), HttpStatusCode.Forbidden);
        (await _database.ScalarAsync<long>("select count(*) from messages")).ShouldBe(0);
    }

    [Theory]
    [InlineData(EdgeHost.Token, "https://sms.example.com/road/sms/receive", "primary", "as_given")]
    [InlineData(EdgeHost.SecondToken, "https://sms.example.com/road/sms/receive", "secondary", "as_given")]
    [InlineData(EdgeHost.Token, "https://sms.example.com:443/road/sms/receive", "primary", "port_added")]
    public async Task Signed_text_is_kept_with_how_it_was_signed(string token, string url, string kept, string variant)
    {
        var form = EdgeHost.Text(EdgeHost.Sid(2));
        form["SomethingNew"] = "Twilio adds fields without notice";
        var response = await _host.PostAsync("/sms/receive", RawForm.Encode(form), Sign(url, form, token));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _database.ScalarAsync<string>("select concat_ws(' ', data->>'via', data->>'token', data->>'url') from events where type = 'received'"))
            .ShouldBe($"webhook {kept} {variant}");
    }

    [Fact]
    public async Task Json_is_not_taken()
    {
        var body = "{\"MessageSid\":\"SM1\"}"u8.ToArray();
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", body, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "application/json"), HttpStatusCode.UnsupportedMediaType);
        await ShouldBeBareAsync(_host.PostAsync("/sms/status", body, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "multipart/form-data; boundary=x"), HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Body_may_be_64_kilobytes_and_no_more()
    {
        var form = EdgeHost.Text(EdgeHost.Sid(3));
        var rest = RawForm.MaxBodyBytes - RawForm.Encode(form).Length;
        for (var field = 0; rest > 0; field++)
        {
            var name = $"Fill{field:00}";
            var length = Math.Min(16_000, rest - name.Length - 2);
            form[name] = new string('x', length);
            rest -= name.Length + 2 + length;
        }

        RawForm.Encode(form).Length.ShouldBe(RawForm.MaxBodyBytes);
        (await _host.PostAsync("/sms/receive", form)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var tooLong = RawForm.Encode(form).Append((byte)'x').ToArray();
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", tooLong, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="), HttpStatusCode.RequestEntityTooLarge);
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", new byte[1_000_000], "AAAAAAAAAAAAAAAAAAAAAAAAAAA="), HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Body_of_unknown_length_is_cut_off_at_64_kilobytes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, "/sms/receive")) { Content = new ChunkedForm(200_000) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        using var response = await _host.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Unreadable_form_is_400()
    {
        var many = Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 101).Select(field => $"k{field}=v")));
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", many, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="), HttpStatusCode.BadRequest);
        var form = EdgeHost.Text(EdgeHost.Sid(4));
        form.Remove("MessageSid");
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", form), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_accounts_and_numbers_are_refused()
    {
        var form = EdgeHost.Text(EdgeHost.Sid(5));
        form["AccountSid"] = "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", form), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync("/sms/status", form), HttpStatusCode.Forbidden);
        await ShouldBeBareAsync(_host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(5), to: "+15005550001")), HttpStatusCode.Forbidden);
        (await _host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(5), to: "whatsapp:" + SampleTurns.OurNumber))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason_without_their_content()
    {
        var body = RawForm.Encode(EdgeHost.Text(EdgeHost.Sid(6), body: "canary text"));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _host.PostAsync("/sms/receive", body, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")));
        await _host.PostAsync("/SMS/Status", body, signature: null);
        await _host.Get<RejectionLog>().FlushAsync(CancellationToken.None);
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select coalesce(sum(times), 0)::bigint from webhook_log") == 201, "all are counted");
        (await _database.ListAsync<string>("select distinct path || ' ' || verdict || ' ' || status from webhook_log order by 1"))
            .ShouldBe(["/sms/receive signature_mismatch 403", "/sms/status header_missing 403"]);
        (await _database.ScalarAsync<long>("select count(*) from webhook_log")).ShouldBeLessThanOrEqualTo(6, "a flood makes few rows");
        (await _database.ScalarAsync<string>("select string_agg(webhook_log::text, '') from webhook_log"))!.ShouldNotContain("canary");
    }

    [Fact]
    public async Task Refusal_is_quick()
    {
        var body = RawForm.Encode(EdgeHost.Text(EdgeHost.Sid(7)));
        var took = new List<double>();
        for (var count = 0; count < 100; count++)
        {
            var started = Stopwatch.GetTimestamp();
            await _host.PostAsync("/sms/receive", body, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        took.Order().ElementAt(90).ShouldBeLessThan(50);
    }

    private static string Sign(string url, IEnumerable<KeyValuePair<string, string>> form, string token = EdgeHost.Token) =>
        TwilioSignature.Sign(url, RawForm.Parse(RawForm.Encode(form)), token);

    private static async Task ShouldBeBareAsync(Task<HttpResponseMessage> post, HttpStatusCode status)
    {
        using var response = await post;
        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    private sealed class ChunkedForm : HttpContent
    {
        private readonly int _length;

        public ChunkedForm(int length)
        {
            _length = length;
            Headers.ContentType = new("application/x-www-form-urlencoded");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("Body="u8.ToArray());
            for (var sent = 0; sent < _length; sent += 1000)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 1000)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
