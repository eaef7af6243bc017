using System.Globalization;
using System.Net.Sockets;

namespace SmsAi.Web.Platform.Probing;

/// <summary>
/// The program's verb <c>probe</c>: asks the app beside it for /health, and says by its exit code whether it lives.
/// For containers, whose image has no curl.
/// </summary>
public static class ProbeVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter console, CancellationToken cancel)
    {
        Uri health = HealthOf(configuration);
        using var handler = new HttpClientHandler
        {
            // Our own process on our own loopback, whatever name its certificate is for.
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(health, cancel);
            await console.WriteLineAsync($"{health} answered {((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)}.");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException exception)
        {
            await console.WriteLineAsync(exception.InnerException is SocketException socket
                ? $"{health} did not answer: {socket.SocketErrorCode}."
                : $"{health} did not answer: {exception.HttpRequestError}.");
            return 1;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await console.WriteLineAsync($"{health} did not answer within {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
            return 1;
        }
    }

    /// <summary>The address the app listens on, as seen from its own machine.</summary>
    internal static Uri HealthOf(IConfiguration configuration)
    {
        string[] addresses = Listed(configuration["urls"]);
        if (addresses.Length == 0)
        {
            addresses = [.. Listed(configuration["http_ports"]).Select(port => $"http://localhost:{port}")];
        }

        string chosen = Array.Find(addresses, address => address.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
            ?? addresses.FirstOrDefault()
            ?? "http://localhost:3000";
        BindingAddress binding = BindingAddress.Parse(chosen);
        bool anyHost = binding.Host is "+" or "*" or "0.0.0.0" or "[::]";
        return new UriBuilder(binding.Scheme, anyHost ? "localhost" : binding.Host, binding.Port, $"{binding.PathBase}/health").Uri;
    }

    private static string[] Listed(string? text) =>
        (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
