using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Calls of the API as programs make them, and their refusals as they read them.</summary>
internal static class Problems
{
    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string json) =>
        client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));

    public static async Task<JsonElement> JsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The refusal, which is a problem of this status.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    /// <summary>What a refusal has against a field.</summary>
    public static async Task<string> FaultAsync(this HttpResponseMessage answer, string field) =>
        (await answer.ProblemAsync(400)).GetProperty("errors").GetProperty(field)[0].GetString()!;
}
