using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Api;

/// <summary>The API described for machines, as OpenAPI at /openapi/v1.json, for whoever has a key or is signed in.</summary>
public static class ApiDescription
{
    internal const string Document = "v1";

    private static readonly (int Status, string Words)[] Refusals =
    [
        (400, "A field is wrong; errors names each."), (401, "No key or token, or one that works no longer."), (403, "The role or scope doesn't allow it."),
        (429, "The key made its requests of a minute, or too many wrong keys came from this address; Retry-After says how long to wait."), (503, "The database doesn't answer; nothing was done."),
    ];

    private static readonly (string Name, string Words)[] LimitHeaders =
    [
        ("RateLimit-Limit", "Requests the key may make in a minute."), ("RateLimit-Remaining", "How many are left of this minute."),
        ("RateLimit-Reset", "Seconds until the next minute begins."), ("RateLimit-Policy", "The limit and its window in seconds, such as 600;w=60."),
    ];

    private static readonly (int Status, string Words)[] OnceRefusals =
    [
        (409, "The first call with this Idempotency-Key is still being done, or ended without an answer; or what was asked for is gone."),
        (422, "This Idempotency-Key was used for another call or another body."),
    ];

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.ShouldInclude = api => api.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    });

    /// <summary>The page for people, in the side.</summary>
    public static IServiceCollection AddApiDocs(this IServiceCollection services) => services.AddPage(new NavigationItem
    {
        Group = NavigationGroup.System,
        Order = 41,
        Title = "API reference",
        Path = "docs",
        Icon = IconName.Link,
        Policy = Rights.CanRead,
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json")
        .RequireAuthorization(new AuthorizationPolicyBuilder(ApiDoor.Scheme).RequireAuthenticatedUser().Build()).RequireAuthorization(Rights.CanRead);

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "SmsAi",
            Version = Document,
            Description = "Watch and steer the service. Send a key as X-Api-Key or as Authorization: Bearer, or a token a key was exchanged for. "
                + "Every refusal is application/problem+json. Money is in micro-dollars, times are UTC, days are UTC days. Numbers are never shown: people have an alias and two digits.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["ApiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
            ["Bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference("ApiKey", context.Document)] = [] }, new() { [new OpenApiSecuritySchemeReference("Bearer", context.Document)] = [] },
        ];
        if (metadata.OfType<ApiNeed>().FirstOrDefault() is { } need)
            operation.Description = $"{operation.Description} Scope {need.Scope}; roles {string.Join(", ", Rights.Roles[need.Right])}.".TrimStart();
        foreach (var asked in metadata.OfType<ApiParameter>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = asked.Name,
                In = asked.IsHeader ? ParameterLocation.Header : ParameterLocation.Query,
                Description = asked.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        if (metadata.OfType<ApiBody>().FirstOrDefault() is { } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancel);
            operation.RequestBody = new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } } };
        }

        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancel);
        operation.Responses ??= [];
        foreach (var (status, words) in metadata.OfType<ApiOnceByKey>().Any() ? [.. Refusals, .. OnceRefusals] : Refusals)
        {
            operation.Responses.TryAdd($"{status}", new OpenApiResponse
            {
                Description = words,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = problem } },
            });
        }

        foreach (var answer in operation.Responses.Where(one => one.Key is "200" or "429").Select(one => one.Value).OfType<OpenApiResponse>())
        {
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
            foreach (var (name, words) in LimitHeaders)
                answer.Headers[name] = HeaderOf(words, JsonSchemaType.String);
        }

        if (operation.Responses["429"] is OpenApiResponse refusal)
            refusal.Headers!["Retry-After"] = HeaderOf("Seconds to wait.", JsonSchemaType.Integer);
    }

    private static OpenApiHeader HeaderOf(string words, JsonSchemaType type) => new() { Description = words, Schema = new OpenApiSchema { Type = type } };
}
