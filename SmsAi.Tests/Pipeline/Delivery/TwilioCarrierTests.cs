using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Platform.Http;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Http;

namespace SmsAi.Tests.Pipeline.Delivery;

public sealed class TwilioCarrierTests
{
    private const string Account = "AC00000000000000000000000000000001";
    private const string Created = """
        {"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","num_segments":"2","num_media":"0","price":null,"price_unit":"USD",
         "direction":"outbound-api","from":"+15005550006","to":"+15005550010","body":"Hi","date_created":"Fri, 24 May 2019 17:18:27 +0000",
         "date_sent":null,"error_code":null,"error_message":null,"messaging_service_sid":null}
        """;

    [Fact]
    public async Task A_text_is_posted_once_with_its_fields_and_no_expectation()
    {
        await using var server = RawServer.Answering(201, Created);

        var result = await Carrier(server).SendAsync(new SendRequest(42, "+15005550010", "Grüße & more €"), default);

        result.ShouldBe(new SendResult.Accepted("SM0123456789abcdef0123456789abcdef", "queued", 2, null));
        var request = server.Requests.ShouldHaveSingleItem();
        request.ShouldStartWith($"POST /2010-04-01/Accounts/{Account}/Messages.json HTTP/1.1\r\n");
        // AC…01:token
        request.ShouldContain("Authorization: Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTp0b2tlbg==\r\n");
        request.ShouldContain("Content-Type: application/x-www-form-urlencoded\r\n");
        request.ShouldNotContain("Expect:");
        request.ShouldEndWith(
            "To=%2B15005550010&From=%2B15005550006&Body=Gr%C3%BC%C3%9Fe%20%26%20more%20%E2%82%AC"
            + "&StatusCallback=https%3A%2F%2Fsms.example.org%2Fsms%2Fstatus%3Fm%3D42");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_no_trace_goes_along()
    {
        await using var elsewhere = RawServer.Answering(201, Created);
        await using var server = RawServer.Answering(307, "", $"Location: {elsewhere.Address}\r\n");
        using var activity = new Activity("a turn").SetIdFormat(ActivityIdFormat.W3C).Start();

        var result = await Carrier(server).SendAsync(new SendRequest(42, "+15005550010", "Hi"), default);

        result.ShouldNotBeOfType<SendResult.Accepted>();
        elsewhere.Requests.ShouldBeEmpty();
        server.Requests.ShouldHaveSingleItem().ShouldNotContain("traceparent", Case.Insensitive);
    }

    [Fact]
    public async Task A_messaging_service_picks_the_sender()
    {
        await using var server = RawServer.Answering(201, Created);

        await Carrier(server, options => options.MessagingServiceSid = "MG1").SendAsync(new SendRequest(1, "+15005550010", "Hi"), default);

        server.Requests.ShouldHaveSingleItem().ShouldContain("&MessagingServiceSid=MG1&");
        server.Requests.ShouldHaveSingleItem().ShouldNotContain("From=");
    }

    [Fact]
    public async Task An_api_key_speaks_for_the_account()
    {
        await using var server = RawServer.Answering(201, Created);

        await Carrier(server, options => (options.ApiKeySid, options.ApiKeySecret) = ("SK1", "secret"))
            .SendAsync(new SendRequest(1, "+15005550010", "Hi"), default);

        // SK1:secret
        server.Requests.ShouldHaveSingleItem().ShouldContain("Authorization: Basic U0sxOnNlY3JldA==\r\n");
    }

    [Fact]
    public async Task A_reset_after_the_request_is_uncertain_and_never_repeated()
    {
        await using var server = new RawServer((socket, _) => RawServer.ResetAsync(socket));
        var carrier = Carrier(server);

        for (var i = 0; i < 20; i++)
            (await carrier.SendAsync(new SendRequest(i, "+15005550010", "Hi"), default)).ShouldBeOfType<SendResult.Uncertain>();

        server.Requests.Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_connection_that_dies_while_pooled_does_not_send_the_text_twice()
    {
        // Answers the first request on a connection and hangs up upon the second, as a server does that just closed an idle connection.
        var seen = 0;
        await using var server = new RawServer((socket, _) =>
            Interlocked.Increment(ref seen) % 2 == 1 ? RawServer.AnswerAsync(socket, 201, Created) : Close(socket));
        var carrier = Carrier(server);

        for (var i = 0; i < 10; i++)
        {
            (await carrier.SendAsync(new SendRequest(i, "+15005550010", "first"), default)).ShouldBeOfType<SendResult.Accepted>();
            (await carrier.SendAsync(new SendRequest(i, "+15005550010", "second"), default)).ShouldBeOfType<SendResult.Uncertain>();
        }

        server.Requests.Count.ShouldBe(20);

        static Task Close(Socket socket)
        {
            socket.Shutdown(SocketShutdown.Both);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_missing_answer_is_uncertain_after_the_time_limit()
    {
        await using var server = new RawServer((_, _) => Task.Delay(Timeout.Infinite));

        var result = await Carrier(server, options => options.TimeoutSeconds = 1).SendAsync(new SendRequest(1, "+15005550010", "Hi"), default);

        result.ShouldBe(new SendResult.Uncertain("no answer in time"));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_after_the_request_left_is_uncertain()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new RawServer(async (_, _) => await stop.CancelAsync());

        var result = await Carrier(server).SendAsync(new SendRequest(1, "+15005550010", "Hi"), stop.Token);

        result.ShouldBe(new SendResult.Uncertain("cancelled"));
    }

    [Fact]
    public async Task A_stop_before_the_request_left_sent_nothing()
    {
        await using var server = RawServer.Answering(201, Created);

        var result = await Carrier(server).SendAsync(new SendRequest(1, "+15005550010", "Hi"), new CancellationToken(canceled: true));

        result.ShouldBeOfType<SendResult.NotSent>();
        server.Requests.ShouldBeEmpty();
    }

    /// <summary>As when the process stood still, or the way to the carrier took long to open.</summary>
    [Fact]
    public async Task A_text_whose_last_moment_has_passed_when_the_connection_is_there_sent_nothing()
    {
        await using var server = RawServer.Answering(201, Created);
        var carrier = Carrier(server);

        var result = await carrier.SendAsync(new SendRequest(1, "+15005550010", "Hi") { LastMoment = Stopwatch.GetTimestamp() }, default);
        server.Requests.ShouldBeEmpty();
        var next = await carrier.SendAsync(new SendRequest(1, "+15005550010", "Hi") { LastMoment = Stopwatch.GetTimestamp() + 20 * Stopwatch.Frequency }, default);

        result.ShouldBe(new SendResult.TooLate());
        next.ShouldBeOfType<SendResult.Accepted>();
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refused_connection_sent_nothing()
    {
        var result = await Carrier(UnusedAddress()).SendAsync(new SendRequest(1, "+15005550010", "Hi"), default);

        result.ShouldBe(new SendResult.NotSent("connection refused"));
    }

    [Fact]
    public async Task An_unknown_host_sent_nothing()
    {
        var result = await Carrier(new Uri("http://nobody.invalid")).SendAsync(new SendRequest(1, "+15005550010", "Hi"), default);

        result.ShouldBeOfType<SendResult.NotSent>();
    }

    [Fact]
    public async Task A_failed_tls_handshake_sent_nothing()
    {
        // Speaks no TLS at all: it hangs up on the greeting.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var hangingUp = Task.Run(async () => (await listener.AcceptSocketAsync()).Dispose());

        var result = await Carrier(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"))
            .SendAsync(new SendRequest(1, "+15005550010", "Hi"), default);

        result.ShouldBeOfType<SendResult.NotSent>();
        await hangingUp;
    }

    [Fact]
    public async Task A_listing_follows_twenty_pages_and_says_when_there_is_more()
    {
        await using var server = new RawServer((socket, request) => RawServer.AnswerAsync(socket, 200, Page(request, pages: 25)));

        var listing = await Carrier(server).ListToAsync("+15005550010", null, new DateTimeOffset(2019, 5, 1, 0, 0, 0, TimeSpan.Zero), default);

        var found = listing.ShouldBeOfType<CarrierListing.Found>();
        found.IsWhole.ShouldBeFalse();
        found.Messages.Select(message => message.Sid).ShouldBe(Enumerable.Range(0, 20).Select(page => $"SM{page}"));
        server.Requests.Count.ShouldBe(20);
        server.Requests.ShouldAllBe(request => !request.Contains("DateSent"));
        server.Requests.First().ShouldStartWith($"GET /2010-04-01/Accounts/{Account}/Messages.json?To=%2B15005550010&PageSize=50 ");
    }

    [Fact]
    public async Task A_listing_ends_where_the_asked_time_ends()
    {
        await using var server = new RawServer((socket, request) => RawServer.AnswerAsync(socket, 200, Page(request, pages: 5)));

        var listing = await Carrier(server).ListToAsync("+15005550010", null, new DateTimeOffset(2019, 5, 23, 18, 0, 0, TimeSpan.Zero), default);

        var found = listing.ShouldBeOfType<CarrierListing.Found>();
        found.IsWhole.ShouldBeTrue();
        found.Messages.ShouldHaveSingleItem().CreatedAt.ShouldBe(new DateTimeOffset(2019, 5, 24, 17, 18, 27, TimeSpan.Zero));
    }

    [Fact]
    public async Task The_inbound_listing_reads_all_pages_oldest_first_with_a_day_of_slack()
    {
        await using var server = new RawServer((socket, request) => RawServer.AnswerAsync(socket, 200, Page(request, pages: 5, "inbound")));

        var listing = await Carrier(server).ListInboundAsync("+15005550006", new DateTimeOffset(2019, 5, 20, 18, 0, 0, TimeSpan.Zero), Task.FromResult, default);

        var found = listing.ShouldBeOfType<CarrierListing.Found>();
        found.IsWhole.ShouldBeTrue();
        found.Messages.Select(message => message.Sid).ShouldBe(["SM3", "SM2", "SM1", "SM0"]);
        server.Requests.First().ShouldContain("?To=%2B15005550006&DateSent%3E=2019-05-19&PageSize=500 ");
    }

    [Fact]
    public async Task The_inbound_listing_asks_page_by_page_and_keeps_what_was_chosen_in_the_order_of_sending()
    {
        // Both pages are of the same second; the carrier lists the newest first.
        await using var server = new RawServer((socket, request) => RawServer.AnswerAsync(
            socket, 200, request.Contains("&Page=1", StringComparison.Ordinal) ? Messages("\"\"", "SM2", "SM1") : Messages("\"/next.json?To=x&Page=1\"", "SM4", "SM3")));
        List<string> asked = [];

        var listing = await Carrier(server).ListInboundAsync(
            "+15005550006", new DateTimeOffset(2019, 5, 20, 18, 0, 0, TimeSpan.Zero),
            page =>
            {
                asked.Add(string.Join(' ', page.Select(message => message.Sid)));
                return Task.FromResult<IReadOnlyList<CarrierMessage>>([.. page.Where(message => message.Sid != "SM3")]);
            },
            default);

        listing.ShouldBeOfType<CarrierListing.Found>().Messages.Select(message => message.Sid).ShouldBe(["SM1", "SM2", "SM4"]);
        asked.ShouldBe(["SM4 SM3", "SM2 SM1"]);

        static string Messages(string next, params string[] sids)
        {
            var messages = sids.Select(sid => Created.Replace("SM0123456789abcdef0123456789abcdef", sid).Replace("outbound-api", "inbound"));
            return $$"""{"messages":[{{string.Join(',', messages)}}],"next_page_uri":{{next}}}""";
        }
    }

    [Theory]
    [InlineData(503, "{}", "the carrier answered 503")]
    [InlineData(200, "<html>", "unreadable answer")]
    [InlineData(200, "{}", "unreadable answer")]
    public async Task A_listing_that_fails_concludes_nothing(int status, string body, string reason)
    {
        await using var server = RawServer.Answering(status, body);

        var listing = await Carrier(server).ListToAsync("+15005550010", null, default, default);

        listing.ShouldBe(new CarrierListing.Unavailable(reason));
    }

    [Fact]
    public async Task A_fetch_reads_the_bill_and_knows_absence()
    {
        var billed = Created.Replace("\"price\":null", "\"price\":\"-0.01580\"").Replace("\"queued\"", "\"undelivered\"")
            .Replace("\"error_code\":null", "\"error_code\":30006");
        await using var server = new RawServer((socket, request) => request.Contains("/Messages/SMknown.json ")
            ? RawServer.AnswerAsync(socket, 200, billed)
            : RawServer.AnswerAsync(socket, 404, """{"code":20404,"message":"not found","status":404}"""));

        var known = (await Carrier(server).FetchAsync("SMknown", default)).ShouldBeOfType<CarrierLookup.Found>().Message;
        var absent = await Carrier(server).FetchAsync("SMother", default);

        known.PriceMicros.ShouldBe(15_800);
        known.Status.ShouldBe("undelivered");
        known.ErrorCode.ShouldBe(30006);
        known.Segments.ShouldBe(2);
        absent.ShouldBeOfType<CarrierLookup.Absent>();
    }

    [Fact]
    public async Task The_numbers_of_a_service_come_from_all_its_pages()
    {
        await using var server = new RawServer((socket, request) => RawServer.AnswerAsync(socket, 200, request.Contains("Page=1")
            ? """{"phone_numbers":[{"phone_number":"+15005550002"}],"meta":{"next_page_url":null}}"""
            : $$$"""{"phone_numbers":[{"phone_number":"+15005550001"}],"meta":{"next_page_url":"http://{{{Host(request)}}}/v1/Services/MG1/PhoneNumbers?Page=1"}}"""));

        var numbers = await Carrier(server).NumbersOfServiceAsync("MG1", default);

        numbers.ShouldBe(["+15005550001", "+15005550002"]);
    }

    [Fact]
    public async Task A_next_page_on_another_host_never_gets_our_credentials()
    {
        await using var other = RawServer.Answering(200, "{}");
        await using var server = RawServer.Answering(
            200, $$$"""{"phone_numbers":[{"phone_number":"+15005550001"}],"meta":{"next_page_url":"{{{other.Address}}}v1/Services"}}""");

        (await Carrier(server).NumbersOfServiceAsync("MG1", default)).ShouldBe(["+15005550001"]);

        other.Requests.ShouldBeEmpty();
    }

    private static string Host(string request) =>
        request.Split("\r\n").Single(line => line.StartsWith("Host: ", StringComparison.Ordinal))["Host: ".Length..];

    // Page n holds the text SMn, a day older than the one before.
    private static string Page(string request, int pages, string direction = "outbound-api")
    {
        var number = Regex.Match(request, "&Page=([0-9]+)") is { Success: true } page ? int.Parse(page.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        var next = number + 1 < pages ? $"\"/2010-04-01/Accounts/{Account}/Messages.json?To=x&Page={number + 1}\"" : "null";
        var message = Created.Replace("SM0123456789abcdef0123456789abcdef", $"SM{number}").Replace("24 May", $"{24 - number} May")
            .Replace("outbound-api", direction).Replace("Fri, ", "");
        return $$"""{"messages":[{{message}}],"next_page_uri":{{next}},"page":{{number}}}""";
    }

    private static Uri UnusedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    private static TwilioCarrier Carrier(RawServer server, Action<TwilioOptions>? change = null) => Carrier(server.Address, change);

    private static TwilioCarrier Carrier(Uri address, Action<TwilioOptions>? change = null)
    {
        var options = new TwilioOptions
        {
            AccountSid = Account,
            AuthToken = "token",
            FromNumber = "+15005550006",
            ApiBaseUrl = address.AbsoluteUri,
            PublicBaseUrl = "https://sms.example.org/",
        };
        change?.Invoke(options);
        return new TwilioCarrier(
            new HttpClient(OutwardHttp.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
            Options.Create(options), new ListenAddress(), new ManualTime());
    }
}
