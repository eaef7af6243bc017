using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Tests the model's service: by asking for the model itself, which is free, and where that is unknown by one token of an answer.</summary>
public sealed class OpenAiCheck(IHttpClientFactory clients, IOptions<OpenAiOptions> options, ListenAddress ownAddress)
{
    private const string Name = "Model";

    private OpenAiOptions Settings => options.Value;

    /// <param name="mayCost">Whether one token may be paid for when the service has no list of models.</param>
    internal async Task<CheckResult> RunAsync(bool mayCost, CancellationToken cancel)
    {
        var asked = $"GET …/models/{Settings.Model}";
        if (await SendAsync(HttpMethod.Get, "/models/" + Uri.EscapeDataString(Settings.Model), null, cancel) is not { } answer)
            return CheckResult.Early(Name, asked);
        if (answer.Status is 404 or 405 && mayCost)
        {
            asked = $"POST …/chat/completions, {Settings.Model}, one token";
            answer = (await SendAsync(HttpMethod.Post, "/chat/completions", OneToken(), cancel))!;
        }
        else if (answer.Status is 404 or 405)
            return CheckResult.Ok(Name, asked, answer.Shown);

        if (answer.IsSuccess)
            return Settings.IsSandbox
                ? CheckResult.Warn(Name, asked, "the sandbox answers", "It invents its answers. Set OpenAI:ApiKey for real ones.")
                : CheckResult.Ok(Name, asked, answer.Shown);
        return CheckResult.Fail(Name, asked, answer.Shown, answer.Status switch
        {
            401 or 403 => "Check OpenAI:ApiKey.",
            404 => "Check OpenAI:Model and OpenAI:BaseUrl.",
            429 => "Check the account's limits and its money.",
            _ => "Check that this machine reaches OpenAI:BaseUrl.",
        });
    }

    private async Task<HttpAnswer?> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancel)
    {
        if (ownAddress.Resolve(Settings.BaseUrl) is not { } address)
            return null;
        using var request = new HttpRequestMessage(method, new Uri(address.AbsoluteUri.TrimEnd('/') + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Settings.ApiKey is { Length: > 0 } key ? key : "none");
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await HttpAnswer.AskAsync(clients.CreateClient(SystemCheckServices.Client), request, cancel);
    }

    private string OneToken() =>
        $$"""{"model":{{JsonSerializer.Serialize(Settings.Model)}},"messages":[{"role":"user","content":"Say yes."}],"max_completion_tokens":1}""";
}
