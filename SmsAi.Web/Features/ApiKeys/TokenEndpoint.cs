using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Exchanges a key for a token of ten minutes, for programs that would rather not carry the key along with every call.</summary>
public static class TokenEndpoint
{
    public static void MapApiTokens(this IEndpointRouteBuilder routes) =>
        routes.MapApi("/auth").MapPost("/token", IssueAsync).RequireAuthorization(Rights.CanRead)
            .WithSummary("Exchange a key for a token of ten minutes").WithDescription("The token opens what its key opens, and ends with it at once when the key is revoked.");

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> IssueAsync(HttpContext context, ApiKeyCheck keys, AccessTokens tokens, TimeProvider clock)
    {
        var (fields, problem) = await ApiFields.OfBodyAsync(context);
        if ((problem ?? fields.Problem) is { } refusal)
            return refusal;
        // A token can't be exchanged for the next one: with its key it must end.
        var credential = context.Request.Headers[ApiKeyAuthentication.KeyHeader].FirstOrDefault() ?? context.Request.Headers.Authorization.ToString().Split(' ').Last();
        if (ApiKeySecret.Parse(credential.Trim()) is not { } secret || await keys.FindAsync(secret, context.RequestAborted) is not { } key)
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "Only a key can be exchanged for a token, not another token. Send the key.");
        var token = await tokens.IssueAsync(key, context.RequestAborted);
        return TypedResults.Ok(new TokenAnswer(token.Text, "Bearer", (int)(token.ExpiresAt - clock.GetUtcNow()).TotalSeconds, token.ExpiresAt));
    }
}

/// <summary>A token, in the words of OAuth 2.</summary>
public sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn, [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt);
