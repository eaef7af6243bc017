using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SmsAi.Bench.Product;

/// <summary>The product as a process of its own, as its user runs it.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _words = new();

    private ProductProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>How long it took from the start to the first answer.</summary>
    public TimeSpan StartedWithin { get; private set; }

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<ProductProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, string folder, CancellationToken cancel)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SmsAi.Web.dll")])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = address.AbsoluteUri, ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        };
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var began = Stopwatch.GetTimestamp();
        var product = new ProductProcess(Process.Start(start)!, address);
        product.Listen();
        await product.AnswersAsync(cancel);
        product.StartedWithin = Stopwatch.GetElapsedTime(began);
        return product;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(EndsWithin);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Listen()
    {
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        // Its last words are enough, and only when it doesn't start.
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is not null)
                _words.Enqueue(line.Data);
            while (_words.Count > 40)
                _words.TryDequeue(out _);
        }
    }

    private async Task AnswersAsync(CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = Address };
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < StartsWithin)
        {
            if (_process.HasExited)
                break;
            try
            {
                using var response = await client.GetAsync("/health", cancel);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, cancel);
            }
        }

        throw new InvalidOperationException("The product did not start:\n" + string.Join('\n', _words));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
