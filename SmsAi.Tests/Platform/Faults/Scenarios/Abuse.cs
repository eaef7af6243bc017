using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>SA-16: all at once what strangers and an operator can do to a replica's memory and time, while people text; each abuse by itself is a case of EveryAnswerTests.</summary>
[Collection(FaultCollection.Name)]
public sealed class Abuse(TwoReplicas two)
{
    private const int MostScreens = 10;

    [Fact]
    public async Task SA16_Abuse_of_pages_sockets_and_sizes_keeps_no_text_waiting_and_takes_no_memory()
    {
        using var run = new FaultRun("SA-16", "abuse of circuits and sizes");
        var service = await two.BeginAsync();
        await Operators.AddAsync(service.Database, "abuse@example.org", OperatorRoles.Viewer);
        await service.Driver.CrowdAsync(() => two.A, people: 20, each: 2, first: 7000);
        var usual = RoadDriver.Tail(service.Driver.Log);
        var seen = service.Driver.Log.Count;
        using var over = new CancellationTokenSource();
        var cookies = new CookieContainer();
        using var browser = await SignInAsync(cookies);

        var (loads, strangers, tabs, texts) = FaultRun.Size((60, 30, 20, 40), (500, 200, 50, 600));
        var slow = SlowAsync(FaultRun.Size(30, 200), over.Token);
        var pages = Task.WhenAll(Enumerable.Range(0, loads).Select(number => GetAsync(number % 2 == 0 ? "/" : "/sign-in")));
        var refused = Task.WhenAll(Enumerable.Range(0, strangers).Select(_ => OpenAsync(null)));
        var opened = await Task.WhenAll(Enumerable.Range(0, tabs).Select(_ => OpenAsync(cookies)));
        run.Caused($"{loads} pages and {strangers} sockets of strangers, {tabs} of one operator at once");
        var screens = opened.Select(one => one.Socket).OfType<ClientWebSocket>().ToList();
        try
        {
            var pings = PingAsync(screens[0], perSecond: 1000, over.Token);
            var uploads = Task.WhenAll(Enumerable.Range(0, FaultRun.Size(5, 50)).Select(_ => AnnounceAsync(100 * 1024 * 1024)));
            var headers = Task.WhenAll(Enumerable.Range(0, FaultRun.Size(5, 50)).Select(_ => HeadersAsync(10_000)));
            run.Caused("1,000 messages a second on one circuit, 33 KB at once on another; uploads of 100 MB, 10,000 headers, slow connections");
            await screens[1].SendAsync((byte[])[0x80, 0x88, 0x02, .. new byte[33 * 1024]], WebSocketMessageType.Binary, true, CancellationToken.None);
            await service.Driver.CrowdAsync(() => two.A, people: 20, each: texts / 20, first: 7100, perSecond: 10 * FaultRun.Size(2, 1));
            var during = RoadDriver.Tail(service.Driver.Log.Skip(seen));
            var memory = two.A.ResidentBytes / 1024 / 1024;

            (await pages).Distinct().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Found], ignoreOrder: true, "strangers get the sign-in and the way there");
            (await refused).Select(one => one.Status).Distinct().ShouldBe([HttpStatusCode.Unauthorized]);
            screens.Count.ShouldBe(MostScreens);
            opened.Where(one => one.Socket is null).Select(one => one.Status).Distinct().ShouldBe([HttpStatusCode.TooManyRequests]);
            (await uploads).Distinct().ShouldBe(["HTTP/1.1 413 Payload Too Large"]);
            (await headers).Distinct().ShouldBe(["HTTP/1.1 431 Request Header Fields Too Large"]);
            await EndsAsync(screens[1]);
            screens.Where((_, place) => place != 1).ShouldAllBe(screen => screen.State == WebSocketState.Open, "others' circuits stay");
            memory.ShouldBeLessThan(600);
            if (FaultRun.IsLong) during.TotalMilliseconds.ShouldBeLessThan(500);
            await over.CancelAsync();
            await Task.WhenAll(pings, slow);
            await service.IdleAsync();
            var report = await service.CheckAsync();
            run.Note(report);
            run.Note("webhook p99 before, ms", Math.Round(usual.TotalMilliseconds));
            run.Note("webhook p99 during, ms", Math.Round(during.TotalMilliseconds));
            run.Note("memory during, MB", memory);
            report.ShouldBeClean();
            two.Pass(run);
        }
        finally
        {
            await over.CancelAsync();
            screens.ForEach(screen => screen.Dispose());
        }
    }

    private async Task<HttpClient> SignInAsync(CookieContainer cookies)
    {
        var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies, UseProxy = false }) { BaseAddress = two.A.Address };
        (await ConsoleHost.SignInAsync(browser, "abuse@example.org", Operators.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        return browser;
    }

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var answer = await two.A.Http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A circuit's socket that has shaken hands, or the status it was refused with.</summary>
    private async Task<(ClientWebSocket? Socket, HttpStatusCode Status)> OpenAsync(CookieContainer? cookies)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.Cookies = cookies;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{two.A.Address.Authority}/_blazor"), CancellationToken.None);
            await socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            return (socket, socket.HttpStatusCode);
        }
        catch (WebSocketException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            return (null, status);
        }
    }

    /// <summary>The smallest message there is, as SignalR frames it: its length, an array of one, type 6.</summary>
    private static async Task PingAsync(ClientWebSocket screen, int perSecond, CancellationToken over)
    {
        byte[] burst = [.. Enumerable.Repeat((byte[])[0x02, 0x91, 0x06], perSecond / 10).SelectMany(ping => ping)];
        while (!over.IsCancellationRequested)
        {
            await screen.SendAsync(burst, WebSocketMessageType.Binary, true, CancellationToken.None);
            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Reads what still comes, such as the circuit's last word, until the server hangs up.</summary>
    private static async Task EndsAsync(ClientWebSocket screen)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        while (screen.State == WebSocketState.Open)
            await screen.ReceiveAsync(buffer, patience.Token);
        screen.State.ShouldBe(WebSocketState.CloseReceived);
    }

    /// <summary>Connections that never come to the end of their request.</summary>
    private async Task SlowAsync(int connections, CancellationToken over)
    {
        var clients = Enumerable.Range(0, connections).Select(_ => new TcpClient()).ToList();
        try
        {
            await Task.WhenAll(clients.Select(client => client.ConnectAsync(two.A.Address.Host, two.A.Address.Port, CancellationToken.None).AsTask()));
            await Task.WhenAll(clients.Select(client => client.GetStream().WriteAsync("POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"u8.ToArray(), CancellationToken.None).AsTask()));
            while (!over.IsCancellationRequested)
            {
                foreach (var client in clients.Where(client => client.Connected))
                {
                    try
                    {
                        await client.GetStream().WriteAsync("a"u8.ToArray(), CancellationToken.None);
                    }
                    catch (IOException)
                    {
                        // It was hung up on, as it should be in the end.
                    }
                }

                await Task.Delay(500, CancellationToken.None);
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private Task<string?> AnnounceAsync(int bytes) => AskAsync($"POST /sms/receive HTTP/1.1\r\nHost: localhost\r\nContent-Type: {SignedWebhooks.FormType}\r\nX-Twilio-Signature: x\r\nContent-Length: {bytes}\r\n\r\n");

    private Task<string?> HeadersAsync(int headers) =>
        AskAsync("GET /sign-in HTTP/1.1\r\nHost: localhost\r\n" + string.Concat(Enumerable.Range(0, headers).Select(number => $"A{number}: b\r\n")));

    /// <summary>The first line of the answer.</summary>
    private async Task<string?> AskAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(two.A.Address.Host, two.A.Address.Port);
        await using var stream = client.GetStream();
        var writing = stream.WriteAsync(Encoding.ASCII.GetBytes(request)).AsTask();
        using var answer = new StreamReader(stream, Encoding.ASCII);
        var line = await answer.ReadLineAsync();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The server need not read to the end.
        return line;
    }
}
