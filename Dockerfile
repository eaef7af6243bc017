# docker build -t sms-ai-api .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY wwwroot-assets/ wwwroot-assets/
COPY SmsAi.Core/ SmsAi.Core/
COPY SmsAi.Web/ SmsAi.Web/
RUN dotnet publish SmsAi.Web -c Release -o /app -v quiet

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# Logs, and nothing else: in a container the database is another service.
RUN mkdir -p .data && chown "$APP_UID" .data
USER $APP_UID
ENV ASPNETCORE_URLS=http://+:3000 ASPNETCORE_HTTP_PORTS= Data__Folder=/app/.data Logs__Folder=/app/.data/logs
EXPOSE 3000
# The image has no curl; the program asks itself.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 CMD ["dotnet", "SmsAi.Web.dll", "probe"]
# Without a shell in between, so that SIGTERM reaches the program.
ENTRYPOINT ["dotnet", "SmsAi.Web.dll"]
