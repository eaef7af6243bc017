using System.Net;
using System.Text.RegularExpressions;

namespace SmsAi.Bench.Live;

/// <summary>Somebody signed in to the console, without a browser. Cookies are carried by hand: they are bound to the public address's https.</summary>
internal sealed partial class OperatorSession : IDisposable
{
    private readonly Dictionary<string, string> _cookies = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });

    private OperatorSession(Uri address) => _client.BaseAddress = address;

    public string Cookies => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    /// <summary>Fills the sign-in form and sends it.</summary>
    public static async Task<OperatorSession> SignInAsync(Uri address, string email, string password, CancellationToken cancel)
    {
        var session = new OperatorSession(address);
        await session.PostAsync("/sign-in", [.. await session.FieldsAsync("/sign-in", cancel), new("Form.Email", email), new("Form.Password", password)], cancel);
        return session;
    }

    /// <summary>The hidden fields of a page's forms, each name once.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> FieldsAsync(string path, CancellationToken cancel) =>
    [
        .. HiddenFields().Matches(await GetAsync(path, cancel))
            .Select(field => KeyValuePair.Create(field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value))).DistinctBy(field => field.Key),
    ];

    /// <summary>Sends a form, which leads to another page when it was taken.</summary>
    public async Task PostAsync(string path, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        using var response = await SendAsync(request, cancel);
        if (response.StatusCode is not (HttpStatusCode.Redirect or HttpStatusCode.SeeOther))
            throw new InvalidOperationException($"{path} was answered {(int)response.StatusCode}.");
    }

    /// <summary>The page's HTML.</summary>
    public async Task<string> GetAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancel);
    }

    /// <summary>What a browser sends when it leaves a page; a service that is gone already hears nothing.</summary>
    public async Task LeaveAsync(string circuit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/disconnect") { Content = new MultipartFormDataContent { { new StringContent(circuit), "circuitId" } } };
        try
        {
            (await SendAsync(request, CancellationToken.None)).Dispose();
        }
        catch (HttpRequestException)
        {
            // Gone already.
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (_cookies.Count > 0)
            request.Headers.Add("Cookie", Cookies);
        var response = await _client.SendAsync(request, cancel);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return response;
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"\s*/?>""")]
    private static partial Regex HiddenFields();
}
