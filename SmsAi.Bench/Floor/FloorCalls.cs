using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Bench.Floor;

/// <summary>The floor's calls to model and carrier: what the product asks, with a plain client.</summary>
internal sealed class FloorCalls : IDisposable
{
    private readonly OpenAiOptions _model = new();
    private readonly FloorSettings _settings;
    private readonly Uri _ask;
    private readonly Uri _send;
    private readonly AuthenticationHeaderValue _carrierLogin;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    public FloorCalls(FloorSettings settings)
    {
        _settings = settings;
        _ask = new Uri(settings.Model.AbsoluteUri.TrimEnd('/') + "/chat/completions");
        _send = new Uri(settings.Carrier, $"/2010-04-01/Accounts/{settings.AccountSid}/Messages.json");
        _carrierLogin = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.AccountSid}:{settings.AuthToken}")));
    }

    /// <summary>The answer's words; what it cost goes into the text.</summary>
    public async Task<string> AskAsync(FloorText text, IEnumerable<ChatTurnJson> turns)
    {
        var began = Stopwatch.GetTimestamp();
        var question = new ChatRequestJson(
            _model.Model, [new("system", _model.SystemPrompt), .. turns], _model.Temperature, _model.MaxTokens, null, null, null);
        using var response = await _client.PostAsJsonAsync(_ask, question, OpenAiJson.Default.ChatRequestJson);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync(OpenAiJson.Default.ChatAnswerJson);
        (text.Model, text.TokensIn, text.TokensOut) = (answer!.Model, answer.Usage!.PromptTokens, answer.Usage.CompletionTokens);
        text.ModelMs = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return answer.Choices![0].Message!.Content!;
    }

    /// <summary>The carrier's id of the text.</summary>
    public async Task<string> SendAsync(FloorText text, string words)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _send)
        {
            Content = new FormUrlEncodedContent(
            [
                new("To", text.Person.Row.Address), new("From", _settings.OurNumber), new("Body", words),
                new("StatusCallback", string.Create(CultureInfo.InvariantCulture, $"https://sms.example.com/sms/status?m={text.AnswerId}")),
            ]),
        };
        message.Headers.Authorization = _carrierLogin;
        using var response = await _client.SendAsync(message);
        response.EnsureSuccessStatusCode();
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        return json.RootElement.GetProperty("sid").GetString()!;
    }

    public void Dispose() => _client.Dispose();
}
